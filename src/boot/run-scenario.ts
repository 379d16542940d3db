import type {Container, Enclosure, Layer} from '../container/engine.ts';
import {asFailure, Failure} from '../failure.ts';
import type {ScenarioResult} from '../image/manifest.ts';
import type {Distribution} from '../recipe/distribution.ts';
import {createMember, type Member} from './member.ts';
import {probeOf} from './probe.ts';
import {Inconclusive, type Scenario, type ScenarioTest} from './scenario.ts';
import {type Activity, waitFor} from './wait.ts';

/** A node that has an image and the outside world: what scenarios boot members on. */
export interface TestNode {
  readonly enclosure: Enclosure;
  readonly image: Layer;
  readonly initCommand: readonly string[];
  readonly distribution: Distribution;
  readonly probe: Container;
  /** Gives the numbers that members' addresses come from. */
  readonly nextIndex: () => number;
  readonly signal?: AbortSignal | undefined;
  readonly log: (line: string) => void;
}

/** Runs one scenario within its limit and tells what it found; whatever it booted has ended then. */
export async function runScenario(scenario: Scenario, node: TestNode): Promise<ScenarioResult> {
  const {name, title, limit} = scenario;
  const {enclosure, image, initCommand, distribution} = node;
  const started = performance.now();
  const timeout = AbortSignal.timeout(limit * 1000);
  const signal = node.signal === undefined ? timeout : AbortSignal.any([timeout, node.signal]);
  const activity: Activity = {now: undefined};
  const log = (line: string) => node.log(`${name}: ${line}`);
  const members: Member[] = [];
  let roles = 0;

  const test: ScenarioTest = {
    distribution,
    probe: probeOf(node.probe, {signal, activity}),
    async member(options = {}) {
      const role = `${name}-${++roles}`;
      const source = {enclosure, image, initCommand, distribution, role, index: node.nextIndex()};
      const member = await createMember({...source, signal, activity, log}, options);
      members.push(member);
      return member;
    },
    async boot(options) {
      const member = await test.member(options);
      await member.start();
      return member;
    },
    waitFor: (what, probe, seconds) => waitFor(what, probe, seconds, {signal, activity}),
  };

  const result = (rest: Pick<ScenarioResult, 'outcome' | 'reason' | 'logs'>): ScenarioResult => ({
    name,
    title,
    seconds: Math.round((performance.now() - started) / 10) / 100,
    ...rest,
  });
  try {
    await orAborted(scenario.run(test), signal);
    return result({outcome: 'passed'});
  } catch (error) {
    node.signal?.throwIfAborted();
    if (error instanceof Inconclusive) return result({outcome: error.outcome, reason: error.message});
    const failure = timeout.aborted ? tooLong(scenario, activity) : asFailure(error);
    return result({outcome: 'failed', reason: failure.message, logs: await logsOf(members, failure)});
  } finally {
    await Promise.all(members.map((member) => member.kill()));
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
  return new Failure(`took longer than ${limit} s${now === undefined ? '' : `, waiting for: ${now}`}`);
}

/** What the failed command said, and the ends of every container's logs. */
async function logsOf(
  members: readonly Member[],
  failure: Failure,
): Promise<Record<string, readonly string[]>> {
  const named = await Promise.all(
    members.map(async (member) => {
      const logs = await member.logs();
      return Object.entries(logs).map(([kind, lines]) => [`${member.name} ${kind}`, lines] as const);
    }),
  );
  const said = failure.lastLines.length === 0 ? [] : [['last lines', failure.lastLines] as const];
  return Object.fromEntries([...said, ...named.flat()]);
}
