import {join} from 'node:path';
import {builderLayers} from '../container/builder-cache.ts';
import type {Engine, Limits, Scratch} from '../container/engine.ts';
import {asFailure, Failure} from '../failure.ts';
import {limited} from '../host/limited.ts';
import type {Output} from '../host/output.ts';
import {integration} from '../osctl/integrate.ts';
import type {TemplateSettings} from '../recipe/available.ts';
import type {Report, Stage} from '../recipe/event.ts';
import type {Recipe} from '../recipe/load.ts';
import type {Sources, Step, StepContext} from '../recipe/step.ts';
import {shortName, type Template, templateId, timeOf} from '../recipe/template.ts';
import {explained} from './explained.ts';
import {inspection} from './inspect/inspect.ts';
import type {Inventory} from './inspect/inventory.ts';
import {type BuildLog, openLog} from './log.ts';
import {sealing} from './seal.ts';
import {openWorkshop, type Workshop} from './workshop.ts';

/** One template to build. */
export interface BuildRequest {
  readonly recipe: Recipe;
  readonly template: Template;
  /** UTC, sortable: `20261123T153000Z`. */
  readonly serial: string;
  /** What the configuration says about it. */
  readonly settings?: TemplateSettings | undefined;
  /** Mirrors by the recipe's names for its sources. */
  readonly sources: Sources;
}

/** What all builds of a run have in common. */
export interface BuildEnvironment {
  readonly output: Output;
  readonly engine: Engine;
  readonly scratch: Scratch;
  readonly limits: Limits;
  /** Seconds a step, and a whole build, may take. */
  readonly time: {readonly step: number; readonly build: number};
  /** Days after which a builder is made anew. */
  readonly maximumAge: number;
  readonly acceptExpired: boolean;
  /** Unix seconds; the serial's time unless given (SOURCE_DATE_EPOCH). */
  readonly epoch?: number | undefined;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** The stages that are steps on the tree, in order. */
export const treeStages = ['bootstrap', 'configure', 'integrate', 'seal'] as const;
export type TreeStage = (typeof treeStages)[number];

/** A build whose tree stages are done. */
export interface BuildProgress {
  readonly workshop: Workshop;
  readonly inventory: Inventory | undefined;
  readonly epoch: number;
  readonly log: BuildLog;
  readonly started: Date;
  /** Seconds by stage, so far. */
  readonly seconds: Readonly<Record<string, number>>;
  signal(): AbortSignal;
  note(message: string): void;
  /** Does something as a step of a stage, with its limit and its place in errors. */
  step<T>(stage: Stage, name: string, run: () => Promise<T>): Promise<T>;
  progress(fraction: number): void;
}

/**
 * Opens a build container, runs the stages up to the last one asked for, and hands the tree on. However it ends,
 * nothing of it stays but the log. Throws a Failure that names the template, stage and step, and the log.
 */
export async function runStages<T>(
  request: BuildRequest,
  environment: BuildEnvironment,
  last: TreeStage | 'pack',
  then: (progress: BuildProgress) => Promise<T>,
): Promise<T> {
  const {recipe, template, serial} = request;
  const {distribution} = recipe;
  const name = shortName(template);
  const report = environment.report;
  const started = new Date();
  const epoch = environment.epoch ?? timeOf(serial).getTime() / 1000;
  await using log = await openLog(join(environment.output.logs, `${serial}-${templateId(template)}.log`));
  report({type: 'started', template: name, log: log.path});
  using whole = limited(environment.time.build, 'the build', environment.signal);
  let current: AbortSignal = whole.signal;
  let inventory: Inventory | undefined;
  const seconds: Record<string, number> = {};
  let place = '';

  const step: BuildProgress['step'] = async (stage, title, run) => {
    if (!(stage in seconds)) report({type: 'stage', template: name, stage});
    report({type: 'step', template: name, stage, step: title});
    log.line(`== ${stage}: ${title}`);
    place = `${stage}, ${title}`;
    const begun = performance.now();
    using limit = limited(environment.time.step, 'the step', whole.signal);
    current = limit.signal;
    try {
      current.throwIfAborted();
      return await run();
    } finally {
      current = whole.signal;
      seconds[stage] = (seconds[stage] ?? 0) + (performance.now() - begun) / 1000;
    }
  };

  try {
    const layers = await step('builder', distribution.builder.name, () =>
      builderLayers(distribution.builder, {
        engine: environment.engine,
        folder: environment.output.builders,
        maximumAge: environment.maximumAge,
        acceptExpired: environment.acceptExpired,
        signal: whole.signal,
        log: log.line,
        onMake: (builder) =>
          report({type: 'note', template: name, message: `making the builder ${builder.name}`}),
      }),
    );
    await using enclosure = await environment.engine.open({
      title: name,
      purpose: 'build',
      scratch: environment.scratch,
      network: 'host',
      signal: whole.signal,
      log: log.line,
    });
    const workshop = await openWorkshop(enclosure, {
      layers,
      epoch,
      limits: environment.limits,
      log: log.line,
      signal: () => current,
    });
    const context: StepContext = {
      release: releaseOf(recipe, template),
      template,
      serial,
      epoch,
      container: workshop.container,
      sources: request.sources,
      acceptExpired: environment.acceptExpired,
      folder: recipe.folder,
      progress: (fraction) => report({type: 'progress', template: name, fraction}),
      log: log.line,
    };
    for (const [stage, steps] of stagesOf(request, (found) => (inventory = found))) {
      for (const each of steps) await step(stage, each.name, () => each.run(workshop.rootfs, context));
      if (stage === last) break;
    }
    return await then({
      workshop,
      inventory,
      epoch,
      log,
      started,
      seconds,
      signal: () => current,
      note: (message) => report({type: 'note', template: name, message}),
      step,
      progress: context.progress,
    });
  } catch (error) {
    if (environment.signal.aborted) throw environment.signal.reason;
    const failure = explained(whole.signal.aborted ? asFailure(whole.signal.reason) : asFailure(error));
    const lastLines = failure.lastLines.length > 0 ? failure.lastLines : log.tail();
    log.line(`== failed: ${failure.message}`);
    throw failure.at(`${name}: ${place}`, {log: log.path, lastLines});
  }
}

function stagesOf(
  {recipe, template}: BuildRequest,
  found: (inventory: Inventory) => void,
): [TreeStage, readonly Step[]][] {
  const {distribution} = recipe;
  return [
    ['bootstrap', [distribution.bootstrap({release: releaseOf(recipe, template)})]],
    ['configure', distribution.configure],
    ['integrate', integration(distribution.osctl)],
    ['seal', [...sealing(distribution), inspection(distribution, found)]],
  ];
}

export function releaseOf({distribution}: Recipe, template: Template) {
  const release = distribution.releases.find(({version}) => version === template.release);
  if (release === undefined)
    throw new Failure(`${distribution.name} has no release ${template.release}`, {kind: 'usage'});
  return release;
}
