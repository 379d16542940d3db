import {join} from 'node:path';
import {builderLayers} from '../builder/cache.ts';
import type {Scratch} from '../container/engine.ts';
import {limited} from '../host/limited.ts';
import type {Output} from '../host/output.ts';
import {integration} from '../osctl/integrate.ts';
import {forRelease, type ReleaseRecipe} from '../recipe/distribution.ts';
import {timeOf} from '../recipe/serial.ts';
import type {Step, StepContext} from '../recipe/step.ts';
import {shortName, templateId} from '../recipe/template.ts';
import {timezone} from '../rootfs/timezone.ts';
import {type BuildLog, openLog} from './log.ts';
import {inRecipe} from './recipe-lines.ts';
import type {BuildEnvironment, BuildRequest, TreeStage} from './request.ts';
import {sealing} from './seal.ts';
import {type StepRunner, stepRunner} from './step-runner.ts';
import {openWorkshop, type Workshop} from './workshop.ts';

/** A build whose stages on the tree are done. */
export interface BuildProgress {
  readonly workshop: Workshop;
  /** Unix seconds. */
  readonly epoch: number;
  readonly started: Date;
  readonly log: BuildLog;
  readonly steps: StepRunner;
  /** Aborts when the build cannot go on. */
  readonly signal: AbortSignal;
}

/**
 * Opens a build container, runs the stages up to the last one asked for, and hands the tree on. However it ends,
 * nothing of it stays but the log. Throws a Failure that names the template, stage and step, and the log.
 */
export async function runStages<T>(
  request: BuildRequest,
  environment: BuildEnvironment,
  last: TreeStage,
  then: (progress: BuildProgress) => Promise<T>,
): Promise<T> {
  const {template, serial, sources, proxies, keys = []} = request;
  const recipe = forRelease(request.recipe.distribution, template.release);
  const {output, engine, scratch, limits, time, acceptExpired, report} = environment;
  const name = shortName(template);
  const started = new Date();
  const epoch = environment.epoch ?? timeOf(serial).getTime() / 1000;
  await using log = await openLog(join(output.logs, `${serial}-${templateId(template)}.log`));
  report({type: 'started', template: name, log: log.path});
  using whole = limited(time.build, 'the build', environment.signal);
  const {signal} = whole;
  const steps = stepRunner({
    template: name,
    report,
    log,
    tree: treePlace(scratch, output),
    limit: time.step,
    signal,
  });
  try {
    const {builder} = recipe;
    const makeBuilder = () =>
      builderLayers(builder, {
        engine,
        folder: output.builders,
        maximumAge: environment.maximumAge,
        acceptExpired,
        proxies,
        signal,
        log: log.line,
        onMake: ({name}) => steps.note(`making the builder ${name}`),
      });
    const layers = await steps.run('builder', builder.name, makeBuilder, time.build);
    await using enclosure = await engine.open({
      title: name,
      purpose: 'build',
      scratch,
      network: 'host',
      signal,
      log: log.line,
    });
    const workshop = await steps.run('builder', 'build container', () =>
      openWorkshop(enclosure, {layers, epoch, limits, proxies, log: log.line, signal: steps.signal}),
    );
    const context: StepContext = {
      release: recipe.release,
      template,
      serial,
      epoch,
      container: workshop.container,
      sources: {...recipe.mirrors, ...sources},
      keys,
      acceptExpired,
      folder: request.recipe.folder,
      progress: steps.progress,
      log: log.line,
    };
    for (const [stage, stageSteps] of stagesOf(recipe)) {
      for (const each of stageSteps) {
        enclosure.signal.throwIfAborted();
        const work = () => inRecipe(request.recipe.folder, each, () => each.run(workshop.rootfs, context));
        await steps.run(stage, each.name, work);
      }
      if (stage === last) break;
    }
    return await then({
      ...{workshop, epoch, started, log, steps},
      signal: AbortSignal.any([signal, enclosure.signal]),
    });
  } catch (error) {
    environment.signal.throwIfAborted();
    throw steps.failure(error);
  }
}

function treePlace(scratch: Scratch, output: Output): string {
  return scratch.medium === 'tmpfs'
    ? `the build’s tmpfs of ${(scratch.bytes / 2 ** 30).toFixed(1)} GiB`
    : `the file system of ${scratch.folder ?? output.containers}`;
}

function stagesOf(recipe: ReleaseRecipe): [TreeStage, readonly Step[]][] {
  return [
    ['bootstrap', [recipe.bootstrap]],
    [
      'configure',
      [...(recipe.timeZone === undefined ? [] : [timezone(recipe.timeZone)]), ...recipe.configure],
    ],
    ['integrate', integration(recipe.osctl)],
    ['seal', sealing(recipe)],
  ];
}
