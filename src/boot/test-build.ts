import PQueue from 'p-queue';
import type {Engine, Layer, Scratch} from '../container/engine.ts';
import type {Build, ScenarioResult, TestReport} from '../image/manifest.ts';
import type {Distribution} from '../recipe/distribution.ts';
import type {Report} from '../recipe/event.ts';
import {shortName} from '../recipe/template.ts';
import {openImage} from './image.ts';
import {forwardPackets} from './network.ts';
import {startProbe} from './probe.ts';
import {runScenario} from './run-scenario.ts';
import {listScenarios, type Scenario, selectScenarios} from './scenario.ts';

export interface TestOptions {
  readonly engine: Engine;
  /** Where the image is unpacked and the containers write. */
  readonly scratch: Scratch;
  /** The root filesystem of the outside world: the layers of `builders/probe`, the topmost first. */
  readonly probe: readonly Layer[];
  readonly report: Report;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Seconds a scenario may take, instead of its own limit. */
  readonly limit?: number | undefined;
  /** How many scenarios run at once; 2 unless given. */
  readonly concurrency?: number | undefined;
  /** Names of scenarios to run; all unless given. */
  readonly only?: readonly string[] | undefined;
}

/**
 * Boots a build's packed image as osctld would, and runs the scenarios on it. Throws a Failure when the image cannot
 * be unpacked or no container can be started; what a scenario finds wrong is in the report.
 */
export async function testBuild(
  build: Build,
  distribution: Distribution,
  options: TestOptions,
): Promise<TestReport> {
  const {engine, scratch, signal, log, limit, concurrency = 2} = options;
  const scenarios = selectScenarios(await listScenarios(), options.only);
  const started = new Date();
  const image = await openImage(build);
  const name = shortName({...build.manifest.template, release: build.manifest.release, tags: []});
  await using enclosure = await engine.open({
    title: name,
    purpose: 'test',
    scratch,
    network: 'own',
    signal,
    log,
  });
  await forwardPackets(enclosure);
  const [unpacked, probe] = await Promise.all([
    enclosure.unpack('image', image.rootfs(), {gzip: true}),
    startProbe(enclosure, options.probe),
  ]);
  let index = 0;
  const node = {
    enclosure,
    image: unpacked,
    initCommand: image.init,
    distribution,
    probe,
    nextIndex: () => ++index,
    signal,
    log,
  };
  const run = async (scenario: Scenario): Promise<ScenarioResult> => {
    options.report({template: name, type: 'step', stage: 'test', step: scenario.name});
    const result = await runScenario({...scenario, limit: limit ?? scenario.limit}, node);
    const {outcome, reason} = result;
    const because = reason === undefined ? {} : {reason};
    options.report({template: name, type: 'scenario', scenario: result.name, outcome, ...because});
    return result;
  };
  const queue = new PQueue({concurrency});
  // the longest first: at the end no long one runs alone
  const running = scenarios.map((scenario) => queue.add(() => run(scenario), {priority: scenario.limit}));
  await Promise.allSettled(running);
  const results = await Promise.all(running);
  return {
    passed: results.every(({outcome}) => outcome !== 'failed'),
    started: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 100) / 10,
    image: image.sha256,
    scenarios: results,
  };
}
