import {mkdir, rename, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {builderHash} from '../builder/cache.ts';
import {flush} from '../host/durable.ts';
import type {Build} from '../image/manifest.ts';
import {templateId} from '../recipe/template.ts';
import {pack} from './pack.ts';
import type {BuildEnvironment, BuildRequest, TreeStage} from './request.ts';
import {runStages} from './run-stages.ts';
import {removeOthers} from './store.ts';

/**
 * Builds a template: all stages in a build container, then a folder with the packed images and their manifest.
 * Throws a Failure that names the template, stage and step, and the log.
 */
export async function buildTemplate(request: BuildRequest, environment: BuildEnvironment): Promise<Build> {
  const id = templateId(request.template);
  const parent = join(environment.output.builds, id);
  const folder = join(parent, request.serial);
  const unfinished = join(parent, `.${request.serial}`);
  return runStages(request, environment, 'seal', async (progress) => {
    await rm(unfinished, {recursive: true, force: true});
    await mkdir(unfinished, {recursive: true});
    try {
      const manifest = await pack(request, progress, unfinished, {
        builder: builderHash(request.recipe.distribution.builder),
      });
      await rm(folder, {recursive: true, force: true});
      await rename(unfinished, folder);
      await flush(parent);
      const build = {folder, manifest};
      await removeOthers(environment.output.builds, request.template, build);
      return build;
    } catch (error) {
      await rm(unfinished, {recursive: true, force: true});
      throw error;
    }
  });
}

/**
 * Builds up to a stage and opens a shell in the tree, after `ready` has been called: the terminal is then the
 * shell's. Resolves to the shell's exit code.
 */
export async function openShell(
  request: BuildRequest,
  environment: BuildEnvironment,
  after: TreeStage,
  ready: () => void,
): Promise<number> {
  // a person takes as long as it takes
  const patient = {...environment, time: {...environment.time, build: maximumTime}};
  return runStages(request, patient, after, ({workshop}) => {
    ready();
    return workshop.attach();
  });
}

/** The longest a timer can run, in seconds: a little under 25 days. */
const maximumTime = 2_147_483;
