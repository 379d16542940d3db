import {rename, rm} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {isDeepStrictEqual} from 'node:util';
import {Failure} from '../failure.ts';
import {fillFolder, unfinished} from '../host/durable.ts';
import {writeManifest} from '../image/manifest.ts';
import type {CheckedBuild} from './checked.ts';
import {checkCopy, copyFileOf, makeFolder, readOnly} from './place.ts';
import {buildFolder, readPublished} from './published.ts';

/**
 * Adds a build to a repository, all of it or nothing, and gives whether it was added: one that is there whole is left
 * as it is. The repository has copies of its own, each of the bytes that the manifest lists.
 *
 * Throws a Failure when another build has its serial or a file is not the one that the manifest lists, and the
 * signal's reason when that comes before the build has its place.
 */
export async function addBuild(
  {folder: source, manifest}: CheckedBuild,
  repository: string,
  signal?: AbortSignal,
): Promise<boolean> {
  const folder = buildFolder(repository, manifest);
  const known = await readPublished(folder);
  if (known !== undefined && !(known instanceof Failure)) {
    if (isDeepStrictEqual(known.manifest, manifest)) return false;
    throw new Failure(`another build of ${manifest.id} was published as ${manifest.serial}`, {
      remedy: 'A published build never changes. Build the template again, for a serial of its own.',
    });
  }
  await makeFolder(dirname(folder), repository);
  const damaged = unfinished(folder);
  await fillFolder(
    folder,
    async (staged) => {
      const files = Object.entries(manifest.files);
      for (const [name, listed] of files) {
        signal?.throwIfAborted();
        await copyFileOf(join(source, name), join(staged, name), listed);
      }
      await settleAll(
        files.map(([name, listed]) => checkCopy(join(source, name), join(staged, name), listed, signal)),
      );
      await writeManifest(staged, manifest, readOnly);
    },
    {
      async makeWay() {
        signal?.throwIfAborted();
        if (known !== undefined) await rename(folder, damaged);
      },
    },
  );
  await rm(damaged, {recursive: true, force: true});
  return true;
}

/** Waits for all, also where one fails: nothing may still be read when the folder is removed. Throws the first reason. */
async function settleAll(promises: readonly Promise<void>[]): Promise<void> {
  for (const end of await Promise.allSettled(promises)) if (end.status === 'rejected') throw end.reason;
}
