import {constants, type Stats} from 'node:fs';
import {chmod, copyFile, link, lstat, mkdir, readlink, rename, rm, symlink, utimes} from 'node:fs/promises';
import {dirname} from 'node:path';
import {Failure} from '../failure.ts';
import {flush, unfinished} from '../host/durable.ts';
import {type Digest, sha256Of} from '../host/hashing.ts';
import {errorCode} from './disk-failure.ts';

/** What link(2) says where a hard link cannot be: another file system, one without links, somebody else's file. */
const unlinkable: ReadonlySet<string | undefined> = new Set([
  'EXDEV',
  'EPERM',
  'EMLINK',
  'EOPNOTSUPP',
  'ENOSYS',
]);

/** The mode of published files: nobody changes them, everyone may read them. */
export const readOnly = 0o444;

/**
 * Makes a folder of a repository where there is none, with its parents, and flushes the entries this adds. Throws the
 * system's error when the repository's own folder has gone: a new one in its place would be on another disk.
 */
export async function makeFolder(path: string, repository: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return;
    if (errorCode(error) !== 'ENOENT' || path === repository) throw error;
    await makeFolder(dirname(path), repository);
    await mkdir(path);
  }
  await flush(dirname(path));
}

/**
 * Copies a build's file to a new path, read-only. Where the file system can, the two share blocks until one is written
 * to (FICLONE, ioctl_ficlonerange(2)). Throws a Failure when there is no file of the listed length. The copy counts
 * once it is checked.
 */
export async function copyFileOf(source: string, path: string, {bytes}: Digest): Promise<void> {
  const found = await fileBytes(source);
  if (found === undefined) throw unlike(source, 'is missing');
  if (found !== bytes) throw unlike(source, `has ${found} bytes instead of ${bytes}`);
  await copyFile(source, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  await chmod(path, readOnly);
}

/** Reads a copy while it is flushed to the disk; throws a Failure when it is not the file that is listed. */
export async function checkCopy(
  source: string,
  path: string,
  {sha256}: Digest,
  signal?: AbortSignal,
): Promise<void> {
  const [hash] = await Promise.all([sha256Of(path, signal), flush(path)]);
  if (hash !== sha256) throw unlike(source, `has the sha256 ${hash} instead of ${sha256}`);
}

/** A regular file's length; undefined when there is none of that name, or a link. */
export async function fileBytes(path: string): Promise<number | undefined> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isFile() ? found.size : undefined;
}

/**
 * Makes a path name a build's file, by rename(2), unless it does already. The file becomes as old as its place:
 * clients ask whether the path changed since what they have, so that each file there must be younger than the one
 * before it, in whichever order builds were made. Its hard links share the new time, which only makes a client that
 * asks for them download once more.
 */
export async function placeFile(
  source: string,
  path: string,
  listed: Digest,
  repository: string,
): Promise<void> {
  const folder = dirname(path);
  if ((await lstatIfThere(folder))?.isSymbolicLink()) await rm(folder); // a tag before, a version now
  await makeFolder(folder, repository);
  const current = await lstatIfThere(path);
  if (current !== undefined && (await isSame(source, path, current, listed.sha256))) return;
  await replace(path, async (temporary) => {
    await linkOrCopy(source, temporary, listed);
    const modified = modifiedAfter(current?.mtime, new Date());
    await utimes(temporary, modified, modified);
    await flush(temporary);
  });
}

/** Makes a path a symbolic link to a name beside it, by rename(2), unless it is already. */
export async function placeLink(path: string, target: string): Promise<void> {
  const current = await lstatIfThere(path);
  if (current?.isSymbolicLink() && (await readlink(path)) === target) return;
  // a version before, whose builds are gone, a tag now
  if (current?.isDirectory()) await rm(path, {recursive: true});
  await replace(path, (temporary) => symlink(target, temporary));
}

/**
 * The time to give a path's new content: now, in whole seconds, but later than the content before it. HTTP dates have
 * no fractions (RFC 9110, section 5.6.7), and two publishes fit into one second, or a clock is set back.
 */
export function modifiedAfter(previous: Date | undefined, now: Date): Date {
  const seconds = (time: Date) => Math.floor(time.getTime() / 1000);
  const earliest = previous === undefined ? 0 : seconds(previous) + 1;
  return new Date(Math.max(seconds(now), earliest) * 1000);
}

/** What lstat(2) says of a path; undefined when there is nothing. */
export async function lstatIfThere(path: string): Promise<Stats | undefined> {
  return await lstat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
}

/** Gives a published file a second name, or a copy where that cannot be. */
async function linkOrCopy(source: string, path: string, listed: Digest): Promise<void> {
  await link(source, path).catch(async (error: unknown) => {
    if (!unlinkable.has(errorCode(error))) throw error;
    await copyFileOf(source, path, listed);
    await checkCopy(source, path, listed);
  });
}

async function replace(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  const temporary = unfinished(path);
  try {
    await make(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, {force: true});
    throw error;
  }
  await flush(dirname(path));
}

async function isSame(source: string, path: string, current: Stats, hash: string): Promise<boolean> {
  const wanted = await lstat(source);
  if (current.dev === wanted.dev && current.ino === wanted.ino) return true;
  return current.isFile() && current.size === wanted.size && (await sha256Of(path)) === hash; // a copy
}

function unlike(path: string, difference: string): Failure {
  return new Failure(`${path} is not the file that the build's manifest lists: it ${difference}`, {
    remedy: 'Build the template again; the file was changed or damaged after it was packed.',
  });
}
