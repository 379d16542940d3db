import type {BrokenRecipe} from '../catalogue/load.ts';
import type {Failure} from '../failure.ts';
import {quoted} from '../invocation.ts';
import {print} from './print.ts';

/** Says on standard error, in one line, what is in the output among the builds and is not one. */
export function tellLeftOut({message}: Failure): void {
  print(`left out: ${message}`, process.stderr);
}

/** Says on standard error, in a line for each, which recipes make no templates for their mistakes. */
export function tellBroken(broken: readonly BrokenRecipe[]): void {
  for (const {folder, mistakes} of broken) {
    const [first = '', ...others] = mistakes;
    const more = others.length === 0 ? '' : ` (and ${others.length} more)`;
    print(
      `left out: ${first}${more}; \`osctl-template check-recipe ${quoted(folder)}\` says more`,
      process.stderr,
    );
  }
}
