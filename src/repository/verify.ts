import {lstat} from 'node:fs/promises';
import {join} from 'node:path';
import {Failure} from '../failure.ts';
import {sha256Of} from '../host/hashing.ts';
import {type Build, buildFiles, type Manifest} from '../image/manifest.ts';

/** Throws a Failure unless the very image that the manifest names was booted and passed. */
export function checkTested({id, serial, files, test}: Manifest): void {
  const build = `${id} ${serial}`;
  const image = files[buildFiles.imageArchive];
  if (image === undefined) {
    throw new Failure(`${build} has no ${buildFiles.imageArchive}`, {remedy: 'Build the template again.'});
  }
  if (test === undefined) {
    throw new Failure(`${build} has not been tested`, {
      remedy: `Only tested builds are published: run \`osctl-template test ${id}\`.`,
    });
  }
  if (!test.passed) {
    const failed = test.scenarios.filter(({outcome}) => outcome === 'failed').map(({name}) => name);
    throw new Failure(`${build} did not pass its test${failed.length > 0 ? `: ${failed.join(', ')}` : ''}`, {
      remedy: `${buildFiles.testReport} in the build's folder says why; the published build stays.`,
    });
  }
  if (test.image !== image.sha256) {
    throw new Failure(`the test report of ${build} is about another ${buildFiles.imageArchive}`, {
      remedy: `Run \`osctl-template test ${id}\` on this build.`,
    });
  }
}

/** Reads every file the manifest lists; throws a Failure that names the first that is not as it says. */
export async function checkFiles({folder, manifest}: Build, signal?: AbortSignal): Promise<void> {
  for (const [name, listed] of Object.entries(manifest.files)) {
    signal?.throwIfAborted();
    const path = join(folder, name);
    const difference = await findDifference(path, listed);
    if (difference !== undefined) {
      throw new Failure(`${path} is not the file that the build's manifest lists: it ${difference}`, {
        remedy: `Build ${manifest.id} again; the file was changed or damaged after it was packed.`,
      });
    }
  }
}

async function findDifference(path: string, listed: Manifest['files'][string]): Promise<string | undefined> {
  const bytes = await fileBytes(path);
  if (bytes === undefined) return 'is missing';
  if (bytes !== listed.bytes) return `has ${bytes} bytes instead of ${listed.bytes}`;
  const hash = await sha256Of(path);
  return hash === listed.sha256 ? undefined : `has the sha256 ${hash} instead of ${listed.sha256}`;
}

/** The first file the manifest lists that is not there at its full length; undefined when all are. */
export async function incompleteFile({folder, manifest}: Build): Promise<string | undefined> {
  for (const [name, {bytes}] of Object.entries(manifest.files)) {
    if ((await fileBytes(join(folder, name))) !== bytes) return name;
  }
  return undefined;
}

/** A regular file's length; undefined when there is none of that name, or a link. */
async function fileBytes(path: string): Promise<number | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}
