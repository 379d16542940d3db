import {mkdir, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {builderHash} from '../builder/cache.ts';
import {fillFolder} from '../host/durable.ts';
import type {Build} from '../image/manifest.ts';
import {freeSerial} from '../recipe/serial.ts';
import {templateId} from '../recipe/template.ts';
import {pack} from './pack.ts';
import type {BuildEnvironment, BuildRequest, TreeStage} from './request.ts';
import {runStages} from './run-stages.ts';
import {removeOthers} from './store.ts';

/**
 * Builds a template: all stages in a build container, then a folder with the packed images and their manifest. The
 * build's serial is the wanted one, or a later one where the output or the repository has a build of it already.
 * Throws a Failure that names the template, stage and step, and the log.
 */
export async function buildTemplate(wanted: BuildRequest, environment: BuildEnvironment): Promise<Build> {
  const serial = freeSerial(wanted.serial, await takenSerials(wanted, environment));
  const request = {...wanted, serial};
  const parent = join(environment.output.builds, templateId(request.template));
  const folder = join(parent, serial);
  return runStages(request, environment, 'seal', async (progress) => {
    const builder = builderHash(request.recipe.distribution.builder);
    await mkdir(parent, {recursive: true});
    const manifest = await fillFolder(
      folder,
      (unfinished) => pack(request, progress, unfinished, {builder}),
      {makeWay: async () => progress.signal.throwIfAborted()},
    );
    const build = {folder, manifest};
    await removeOthers(environment.output.builds, request.template, build, ({message}) =>
      progress.steps.note(`left alone: ${message}`),
    );
    return build;
  });
}

/** The serials of a template's builds, published ones and those that failed but left their log. */
async function takenSerials(
  {template, repository}: BuildRequest,
  {output}: BuildEnvironment,
): Promise<string[]> {
  const id = templateId(template);
  const folders = [output.builds, ...(repository === undefined ? [] : [join(repository, 'builds')])];
  const built = await Promise.all(folders.map((folder) => readdir(join(folder, id)).catch(() => [])));
  const ending = `-${id}.log`;
  const logs = (await readdir(output.logs).catch(() => [])).filter((name) => name.endsWith(ending));
  return [...built.flat(), ...logs.map((name) => name.slice(0, -ending.length))];
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
