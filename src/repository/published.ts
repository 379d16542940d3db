import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {Failure} from '../failure.ts';
import {type Build, type Manifest, readBuildInPlace} from '../image/manifest.ts';
import {checkPlace} from './checked.ts';
import {errorCode} from './disk-failure.ts';
import {fileBytes, lstatIfThere} from './place.ts';

const whole: unique symbol = Symbol('whole');

/** A build that is in its place in a repository, with all its files at their full lengths; only read from there. */
export interface PublishedBuild extends Build {
  readonly [whole]: true;
}

/** The builds of a repository, and why other folders in it are none: they are left out until somebody looks. */
export interface PublishedBuilds {
  readonly builds: readonly PublishedBuild[];
  readonly damaged: readonly Failure[];
}

/** Where a build is in a repository, for ever. */
export function buildFolder(repository: string, {id, serial}: Manifest): string {
  return join(repository, 'builds', id, serial);
}

/** All builds of a repository. */
export async function readBuilds(repository: string): Promise<PublishedBuilds> {
  const builds: PublishedBuild[] = [];
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

/** A published build; undefined when there is none, a Failure when it is damaged. */
export async function readPublished(folder: string): Promise<PublishedBuild | Failure | undefined> {
  if ((await lstatIfThere(folder)) === undefined) return undefined;
  try {
    const {manifest} = await readBuildInPlace(folder);
    checkPlace(manifest);
    for (const [name, {bytes}] of Object.entries(manifest.files)) {
      if ((await fileBytes(join(folder, name))) !== bytes) {
        throw new Failure(`${join(folder, name)} is missing or not complete`);
      }
    }
    return {folder, manifest, [whole]: true};
  } catch (error) {
    if (error instanceof Failure && isAboutContent(error)) return error;
    throw error;
  }
}

/** What the system says of a manifest that is not there, whoever looks and however often. */
const absent: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ENOTDIR', 'ELOOP']);

/** A file that is wrong stays wrong; one that could not be read now must not take its template out of the indexes. */
function isAboutContent(failure: Failure): boolean {
  const code = errorCode(failure.cause);
  return code === undefined || absent.has(code);
}

async function visibleNames(folder: string): Promise<string[]> {
  const entries = await readdir(folder, {withFileTypes: true});
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({name}) => name);
}
