import {mkdir, readdir, rename, rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {Failure} from '../failure.ts';
import {flush, unfinished} from '../host/durable.ts';
import {type Build, type Manifest, readBuild, writeManifest} from '../image/manifest.ts';
import {errorCode} from './disk-failure.ts';
import {checkNames} from './names.ts';
import {linkOrCopy, lstatIfThere, makeFolder} from './place.ts';
import {checkFiles, incompleteFile} from './verify.ts';

/** The builds of a repository, and why others in it are none: they are passed over until somebody looks. */
export interface PublishedBuilds {
  readonly builds: readonly Build[];
  readonly damaged: readonly Failure[];
}

/** Where a build is in a repository, for ever. */
export function buildFolder(repository: string, {id, serial}: Manifest): string {
  return join(repository, 'builds', id, serial);
}

/**
 * Adds a checked build to a repository, all of it or nothing, and gives whether it was added: one that is there whole
 * is left as it is. Throws a Failure when another build has its serial.
 */
export async function addBuild({folder: source, manifest}: Build, repository: string): Promise<boolean> {
  const folder = buildFolder(repository, manifest);
  const known = await readPublished(folder);
  if (known !== undefined && !(known instanceof Failure)) {
    if (isDeepStrictEqual(asWritten(known.manifest), asWritten(manifest))) return false;
    throw new Failure(`another build of ${manifest.id} was published as ${manifest.serial}`, {
      remedy: 'A published build never changes. Build the template again, for a serial of its own.',
    });
  }
  await makeFolder(dirname(folder));
  const staged = unfinished(folder);
  const damaged = unfinished(folder);
  try {
    await stage({folder: source, manifest}, staged);
    if (known !== undefined) await rename(folder, damaged);
    await rename(staged, folder);
    await rm(damaged, {recursive: true, force: true});
  } catch (error) {
    await rm(staged, {recursive: true, force: true});
    throw error;
  }
  await flush(dirname(folder));
  return true;
}

/** All builds of a repository. */
export async function readBuilds(repository: string): Promise<PublishedBuilds> {
  const builds: Build[] = [];
  const damaged: Failure[] = [];
  const root = join(repository, 'builds');
  for (const id of await visibleNames(root)) {
    for (const serial of await visibleNames(join(root, id))) {
      const build = await readPublished(join(root, id, serial));
      if (build instanceof Failure) damaged.push(build);
      else if (build !== undefined) builds.push(build);
    }
  }
  return {builds, damaged};
}

/** A folder with the build's files and manifest, on the disk. */
async function stage({folder, manifest}: Build, staged: string): Promise<void> {
  await mkdir(staged);
  const ways: string[] = [];
  for (const name of Object.keys(manifest.files)) {
    ways.push(await linkOrCopy(join(folder, name), join(staged, name)));
  }
  if (ways.includes('copied')) await checkFiles({folder: staged, manifest});
  await writeManifest(staged, manifest);
}

/** A published build; undefined when there is none, a Failure when it is damaged. */
async function readPublished(folder: string): Promise<Build | Failure | undefined> {
  if ((await lstatIfThere(folder)) === undefined) return undefined;
  try {
    const build = await readBuild(folder);
    checkNames(build.manifest);
    const {id, serial} = build.manifest;
    if (!folder.endsWith(join('/', id, serial))) {
      throw new Failure(`${folder} is not where ${id} ${serial} belongs`);
    }
    const missing = await incompleteFile(build);
    if (missing !== undefined) throw new Failure(`${join(folder, missing)} is missing or not complete`);
    return build;
  } catch (error) {
    if (error instanceof Failure && isAboutContent(error)) return error;
    throw error;
  }
}

/** A file that is wrong stays wrong; one that could not be read now must not take its template out of the indexes. */
function isAboutContent(failure: Failure): boolean {
  const code = errorCode(failure.cause);
  return code === undefined || code === 'ENOENT';
}

/** The manifest as its file says it, without what JSON leaves out. */
function asWritten(manifest: Manifest): unknown {
  return JSON.parse(JSON.stringify(manifest));
}

async function visibleNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {withFileTypes: true});
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({name}) => name);
}
