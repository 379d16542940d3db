import {fileURLToPath} from 'node:url';
import {asFailure, Failure} from '../failure.ts';
import type {Step} from '../recipe/step.ts';

/**
 * Does a step's work; a Failure of it names the recipe's line that made the step. An exception that was thrown in the
 * recipe's folder is a mistake in the recipe, and names the line that threw it.
 */
export async function inRecipe<T>(folder: URL, step: Step, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw placed(error, folder, step);
  }
}

function placed(error: unknown, folder: URL, {made}: Step): Failure {
  const thrown =
    error instanceof Failure || !(error instanceof Error) ? undefined : lineIn(folder, error.stack);
  if (thrown === undefined || !(error instanceof Error)) {
    const failure = asFailure(error);
    return new Failure(failure.message, {
      ...failure,
      cause: error,
      recipe: failure.recipe ?? lineIn(folder, made),
    });
  }
  return new Failure(`the recipe throws ${error.name}: ${error.message}`, {
    recipe: thrown,
    remedy: 'Correct the recipe at this line; `osctl-template check-recipe` finds mistakes of types.',
    cause: error,
  });
}

/** The uppermost line of a stack that is in a folder: `/srv/recipes/devuan/index.ts:41`. */
export function lineIn(folder: URL, stack = ''): string | undefined {
  const [, address, line] =
    stack
      .split('\n')
      .map((frame) => /(file:\/\/\S+?):(\d+):\d+\)?$/.exec(frame))
      .find((match) => match?.[1]?.startsWith(folder.href)) ?? [];
  return address === undefined ? undefined : `${fileURLToPath(address)}:${line}`;
}
