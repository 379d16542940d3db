import {Failure} from '../failure.ts';

/** How many places an error lists; the log has them all. */
const shown = 10;

/** Throws a Failure with everything that is wrong with a tree, where something is. */
export function refuseTemplate(wrong: readonly string[], log: (line: string) => void): void {
  if (wrong.length === 0) return;
  for (const line of wrong) log(line);
  const rest = wrong.length > shown ? [`and ${wrong.length - shown} more`] : [];
  throw new Failure(
    ['the tree must not become a template:', ...wrong.slice(0, shown), ...rest].join('\n  '),
    {remedy: 'Correct the step that leaves it, or name it under `seal.remove` in the recipe.'},
  );
}
