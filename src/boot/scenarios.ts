import {readdir} from 'node:fs/promises';
import {Failure} from '../failure.ts';
import {suggestion} from '../mistake.ts';
import type {Scenario} from './scenario.ts';

const folder = new URL('scenarios/', import.meta.url);

/** Every scenario there is: one for each file in `scenarios`, sorted by name. */
export async function listScenarios(): Promise<Scenario[]> {
  // without the extension, which would put `ssh-keys.ts` before `ssh.ts`
  const files = await readdir(folder);
  const names = files.flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : [])).sort();
  return Promise.all(
    names.map(async (name) => {
      const {default: scenario}: {default: Scenario} = await import(new URL(`${name}.ts`, folder).href);
      return scenario;
    }),
  );
}

/** The scenarios of these names, in the order of the list; throws a Failure with what a wrong name may mean. */
export function selectScenarios(
  scenarios: readonly Scenario[],
  only: readonly string[] | undefined,
): Scenario[] {
  const names = scenarios.map(({name}) => name);
  const unknown = only?.find((name) => !names.includes(name));
  if (unknown !== undefined) {
    throw new Failure(`there is no scenario ${unknown}${suggestion(unknown, names)}`, {
      kind: 'usage',
      remedy: `The scenarios are: ${names.join(', ')}.`,
    });
  }
  return scenarios.filter(({name}) => only?.includes(name) ?? true);
}
