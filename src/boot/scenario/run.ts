import {asFailure, Failure} from '../../failure.ts';
import {cutLine} from '../../host/lines.ts';
import {anySignal} from '../../host/signals.ts';
import type {ScenarioResult} from '../../image/manifest.ts';
import type {Member} from '../member/member.ts';
import {bridgedInterface, routedInterface} from '../node/addresses.ts';
import {type Activity, waitFor} from '../wait.ts';
import type {ScenarioNode} from './node.ts';
import {Inconclusive, type Scenario, type ScenarioTest} from './scenario.ts';
import type {SharedContainer} from './shared-container.ts';

export interface RunOptions {
  readonly signal?: AbortSignal | undefined;
  readonly log: (line: string) => void;
  /** What scenarios share; one that asks for it gets a container of its own unless given. */
  readonly shared?: SharedContainer | undefined;
  /** Called with the roles of its containers when it failed: they go on running, and what it gives enters them. */
  readonly keep?: ((roles: readonly string[]) => readonly string[]) | undefined;
}

/** Characters of a line that a report repeats: what is printed in a container can be of any length. */
const longestLine = 4096;

/** Runs one scenario within its limit and tells what it found; whatever it booted has ended then. */
export async function runScenario(
  scenario: Scenario,
  node: ScenarioNode,
  options: RunOptions,
): Promise<ScenarioResult> {
  const {name, title, limit} = scenario;
  const started = performance.now();
  const timeout = AbortSignal.timeout(Math.max(0, Math.ceil(limit * 1000)));
  const over = new AbortController();
  const signal = anySignal(over.signal, timeout, options.signal);
  const activity: Activity = {now: undefined, commands: []};
  const log = (line: string) => options.log(`${name}: ${line}`);
  const members: Member[] = [];
  let measured: Readonly<Record<string, number>> | undefined;
  const leftOut = new Set<string>();
  let sharing: SharedContainer | undefined;
  let kept = false;

  const test: ScenarioTest = {
    recipe: node.recipe,
    generations: node.generations,
    probe: node.probe({signal, activity}),
    async member(settings = {}) {
      const role = `${name}-${node.nextIndex()}`;
      const member = await node.member({role, signal, activity, log}, settings);
      members.push(member);
      return member;
    },
    async boot(settings) {
      const member = await test.member(settings);
      await member.start();
      return member;
    },
    async shared() {
      if (options.shared === undefined) return test.boot();
      sharing = options.shared;
      return sharing.booted({signal, activity, log});
    },
    routed: (name, options) => routedInterface(name, node.nextIndex(), options),
    bridged: (name, options) => bridgedInterface(name, node.nextIndex(), options),
    nest: node.nest,
    hybrid: node.hybrid,
    nodeHas: node.has,
    withholds: node.withholds,
    leaveOut: (reason) => void leftOut.add(reason),
    acceptExpired: node.acceptExpired,
    mirrors: () => node.mirrors(),
    measured(numbers) {
      measured = {...measured, ...numbers};
    },
    signal,
    waitFor: (what, probe, seconds) => waitFor(what, probe, seconds, {signal, activity}),
  };

  const result = (rest: Pick<ScenarioResult, 'outcome' | 'reason' | 'logs' | 'enter'>): ScenarioResult => ({
    name,
    title,
    seconds: Math.round((performance.now() - started) / 10) / 100,
    ...rest,
    ...(measured === undefined ? {} : {measured}),
  });
  try {
    if (limit <= 0) throw new Failure('the whole test took too long before this could start');
    await orAborted(scenario.run(test), signal);
    if (leftOut.size > 0)
      return result({outcome: 'not checked', reason: `the rest is right, but ${[...leftOut].join('; ')}`});
    return result({outcome: 'passed'});
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof Inconclusive) return result({outcome: error.outcome, reason: error.message});
    const failure = timeout.aborted ? tooLong(scenario, activity) : asFailure(error);
    const shared = sharing?.member();
    const seen = shared === undefined ? members : [shared, ...members];
    const logs = await logsOf(seen, activity, failure);
    const reason = cutLine(failure.message, longestLine);
    const failed = {outcome: 'failed', reason, logs} as const;
    if (options.keep === undefined) return result(failed);
    kept = true;
    sharing?.keep();
    return result({...failed, enter: options.keep(seen.map((member) => member.name))});
  } finally {
    // what a scenario still does at the same time when it fails
    over.abort();
    if (!kept) await Promise.all(members.map((member) => member.kill()));
  }
}

/** What a promise gives, unless the signal comes first. */
async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  const {promise: aborted, reject} = Promise.withResolvers<never>();
  const onAbort = () => reject(signal.reason);
  signal.addEventListener('abort', onAbort, {once: true});
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function tooLong({limit}: Scenario, {now}: Activity): Failure {
  return new Failure(
    `took longer than ${Math.round(limit)} s${now === undefined ? '' : `, waiting for: ${now}`}`,
  );
}

/** The last commands, what the failed one said, and the ends of every container's logs. */
async function logsOf(
  members: readonly Member[],
  {commands}: Activity,
  {lastLines}: Failure,
): Promise<Record<string, readonly string[]>> {
  const told = [
    ['last commands', [...commands]],
    ['last lines', lastLines],
  ] as const;
  const named = await Promise.all(
    members.map(async (member) => {
      const logs = await member.logs();
      return Object.entries(logs).map(([kind, lines]) => [`${member.name} ${kind}`, lines] as const);
    }),
  );
  const logs = [...told, ...named.flat()].filter(([, lines]) => lines.length > 0);
  return Object.fromEntries(
    logs.map(([from, lines]) => [from, lines.map((line) => cutLine(line, longestLine))]),
  );
}
