import {readdir} from 'node:fs/promises';
import {Failure} from '../../failure.ts';
import {suggestion} from '../../mistake.ts';
import type {Scenario} from './scenario.ts';

const folder = new URL('../scenarios/', import.meta.url);

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

/** The scenarios a word names: the one of that name, or else those whose names begin with it, `routed` for `routed-2018`. */
export function scenariosNamed(word: string, scenarios: readonly Scenario[]): Scenario[] {
  const called = scenarios.filter(({name}) => name === word);
  return called.length > 0 ? called : scenarios.filter(({name}) => name.startsWith(`${word}-`));
}

/** The scenarios that words name, in the order of the list; throws a Failure with what a wrong word may mean. */
export function selectScenarios(
  scenarios: readonly Scenario[],
  only: readonly string[] | undefined,
): Scenario[] {
  if (only === undefined) return [...scenarios];
  const chosen = only.flatMap((word) => {
    const found = scenariosNamed(word, scenarios);
    if (found.length > 0) return found;
    const names = scenarios.map(({name}) => name);
    throw new Failure(`there is no scenario ${word}${suggestion(word, names)}`, {
      kind: 'usage',
      remedy: `The scenarios are: ${names.join(', ')}.`,
    });
  });
  return scenarios.filter((scenario) => chosen.includes(scenario));
}
