import {readdir} from 'node:fs/promises';
import {Failure} from '../failure.ts';
import {suggestion} from '../mistake.ts';
import type {Distribution} from '../recipe/distribution.ts';
import type {Member, MemberOptions} from './member.ts';
import type {Probe} from './probe.ts';

/** What a scenario works with. */
export interface ScenarioTest {
  readonly distribution: Distribution;
  /** A computer in the internet. */
  readonly probe: Probe;
  /** Prepares a container from the image, with addresses of its own; it is stopped. */
  member(options?: MemberOptions): Promise<Member>;
  /** The same, started and at the end of its boot. */
  boot(options?: MemberOptions): Promise<Member>;
  /** Asks a probe until it gives something else than false or undefined, at most `limit` seconds. */
  waitFor<T>(what: string, probe: () => Promise<T | undefined | false>, limit: number): Promise<T>;
}

/** One thing osctld or a member does with a container, and how one sees that it worked. */
export interface Scenario {
  /** As in reports and options; the name of its file. */
  readonly name: string;
  /** What is true when it passes. */
  readonly title: string;
  /** Seconds it may take. */
  readonly limit: number;
  /** Throws a Failure when something is wrong. */
  run(test: ScenarioTest): Promise<void>;
}

export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}

/** Thrown by a scenario that cannot say whether the template is right. */
export class Inconclusive extends Error {
  readonly outcome: 'not applicable' | 'not checked';

  constructor(outcome: Inconclusive['outcome'], reason: string) {
    super(reason);
    this.outcome = outcome;
  }
}

/** Ends a scenario that makes no sense for this template. */
export function notApplicable(reason: string): never {
  throw new Inconclusive('not applicable', reason);
}

/** Ends a scenario that would make sense, and cannot be checked here. */
export function notChecked(reason: string): never {
  throw new Inconclusive('not checked', reason);
}

const folder = new URL('scenarios/', import.meta.url);

/** Every scenario there is: one for each file in `scenarios`, sorted by name. */
export async function listScenarios(): Promise<Scenario[]> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort();
  return Promise.all(
    files.map(async (name) => {
      const {default: scenario}: {default: Scenario} = await import(new URL(name, folder).href);
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
