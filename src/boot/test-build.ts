import {join} from 'node:path';
import PQueue from 'p-queue';
import type {Engine, Layer, Limits, Scratch} from '../container/engine.ts';
import type {Report} from '../event.ts';
import {limited} from '../host/limited.ts';
import {anySignal} from '../host/signals.ts';
import {type Build, buildFiles, type ScenarioResult, type TestReport} from '../image/manifest.ts';
import {type Distribution, forRelease} from '../recipe/distribution.ts';
import type {Sources} from '../recipe/step.ts';
import {shortName} from '../recipe/template.ts';
import {openImage} from './image.ts';
import {bootObstacle} from './node/cgroups.ts';
import {openTestNode} from './node/node.ts';
import {openOsctlNode, thisHost} from './node/osctl-node.ts';
import {listScenarios, selectScenarios} from './scenario/list.ts';
import {emulated} from './scenario/node.ts';
import {runScenario} from './scenario/run.ts';
import type {Scenario} from './scenario/scenario.ts';
import {sharedContainer} from './scenario/shared-container.ts';

/** What plays the node: containers of this machine's and a probe, or `osctl` on a host that is one. */
export type TestPlace =
  | {
      readonly engine: Engine;
      /** Where the image is unpacked and the containers write. */
      readonly scratch: Scratch;
      /** The root filesystem of the outside world: the layers of `builders/probe`, the topmost first. */
      readonly probe: readonly Layer[];
      /** What `nesting` needs: the layers of `builders/nest`, the topmost first; not checked without. */
      readonly nest?: readonly Layer[] | undefined;
      /** What each container may use at most. */
      readonly limits?: Limits | undefined;
    }
  | {readonly engine: 'osctl'};

export interface TestOptions {
  readonly report: Report;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
  /** Seconds all of it may take; 1200 unless given. */
  readonly limit?: number | undefined;
  /** How many scenarios run at once; 4 unless given, as they wait more than they work. */
  readonly concurrency?: number | undefined;
  /** Members take signed indexes whose validity has run out; they do not unless given. */
  readonly acceptExpired?: boolean | undefined;
  /** Mirrors of the recipe's places, instead of its own. */
  readonly sources?: Sources | undefined;
  /** Leave the containers of failed scenarios running, in an enclosure that stays, and tell how to enter them. */
  readonly keep?: boolean | undefined;
  /** Names of scenarios to run; all unless given. */
  readonly only?: readonly string[] | undefined;
}

/**
 * Boots a build's packed image as osctld would, and runs the scenarios on it. Throws a Failure when the image cannot
 * be unpacked, or no container can be started, within the limit; what a scenario finds wrong is in the report.
 */
export async function testBuild(
  build: Build,
  distribution: Distribution,
  options: TestOptions & TestPlace,
): Promise<TestReport> {
  const {log, limit = 1200, concurrency = 4} = options;
  const scenarios = selectScenarios(await listScenarios(), options.only);
  const started = new Date();
  const image = await openImage(build);
  const recipe = forRelease(distribution, build.manifest.release, options.sources);
  const title = shortName({...build.manifest.template, release: build.manifest.release, tags: []});
  const tell = ({name, outcome, reason}: ScenarioResult) => {
    const because = reason === undefined ? {} : {reason};
    options.report({template: title, type: 'scenario', scenario: name, outcome, ...because});
  };
  const reportOf = (results: readonly ScenarioResult[]): TestReport => ({
    passed:
      results.some(({outcome}) => outcome === 'passed') && results.every(({outcome}) => outcome !== 'failed'),
    started: started.toISOString(),
    seconds: Math.round((Date.now() - started.getTime()) / 100) / 10,
    image: image.sha256,
    scenarios: results,
  });
  const obstacle = await bootObstacle(options.engine === 'osctl' ? thisHost : options.engine, recipe.release);
  if (obstacle !== undefined) {
    const results = scenarios.map(({name, title}) => unchecked(name, title, obstacle));
    for (const result of results) tell(result);
    return reportOf(results);
  }
  const openNode = async () => {
    using time = limited(limit, 'unpacking the image', options.signal);
    const {signal} = time;
    const lasting = options.keep === true;
    const {acceptExpired = false} = options;
    if (options.engine === 'osctl') {
      const archive = join(build.folder, buildFiles.imageArchive);
      return openOsctlNode(archive, recipe, {acceptExpired, signal: options.signal});
    }
    const {engine, scratch, nest, limits} = options;
    const named = build.manifest.sources.map(({url}) => url).filter((url) => /^https?:\/\//.test(url));
    const mirrors = [...named, ...Object.values(recipe.mirrors).flat()];
    const where = {engine, title, scratch, log, signal, lasting, mirrors, nest, acceptExpired, limits};
    return emulated(await openTestNode(image, recipe, options.probe, where));
  };
  await using node = await openNode();
  const signal = anySignal(node.signal, options.signal);
  await using shared = sharedContainer(node, {signal, log});
  const ends = new Set<string>();
  const keep = (roles: readonly string[]) => {
    const {enter, end} = node.keep(roles);
    for (const each of end) ends.add(each);
    return enter;
  };
  const timeLeft = () => limit - (Date.now() - started.getTime()) / 1000;
  const run = async (scenario: Scenario): Promise<ScenarioResult> => {
    options.report({template: title, type: 'step', stage: 'test', step: scenario.name});
    const own = Math.min(scenario.limit, timeLeft());
    const result = await runScenario({...scenario, limit: own}, node, {
      ...{signal, log, shared},
      keep: options.keep ? keep : undefined,
    });
    tell(result);
    return result;
  };
  const queue = new PQueue({concurrency, autoStart: false});
  // the longest first: at the end no long one runs alone
  const running = scenarios.map((scenario) => queue.add(() => run(scenario), {priority: scenario.limit}));
  queue.start();
  await Promise.allSettled(running);
  const results = await Promise.all(running);
  if (ends.size > 0) {
    const message = ['what failed goes on running, until:', ...ends].join('\n  ');
    options.report({template: title, type: 'note', message});
  }
  return reportOf(results);
}

function unchecked(name: string, title: string, reason: string): ScenarioResult {
  return {name, title, outcome: 'not checked', seconds: 0, reason};
}
