import {constants, type Stats} from 'node:fs';
import {chmod, copyFile, link, lstat, mkdir, readlink, rename, rm, symlink, utimes} from 'node:fs/promises';
import {dirname} from 'node:path';
import {flush, unfinished} from '../host/durable.ts';
import {sha256Of} from '../host/hashing.ts';
import {errorCode} from './disk-failure.ts';

/** What link(2) says where a hard link cannot be: another file system, one without links, somebody else's file. */
const unlinkable: ReadonlySet<string | undefined> = new Set([
  'EXDEV',
  'EPERM',
  'EMLINK',
  'EOPNOTSUPP',
  'ENOSYS',
]);

/** Makes a folder where there is none, with its parents, and flushes the entries this adds. */
export async function makeFolder(path: string): Promise<void> {
  const first = await mkdir(path, {recursive: true});
  if (first === undefined) return;
  for (let made = path; made !== dirname(first); made = dirname(made)) await flush(dirname(made));
}

/** Gives a file a second name, or a copy where that cannot be; readable for everyone, and on the disk. */
export async function linkOrCopy(source: string, path: string): Promise<'linked' | 'copied'> {
  const how = await link(source, path).then(
    () => 'linked' as const,
    async (error: unknown) => {
      if (!unlinkable.has(errorCode(error))) throw error;
      await copyFile(source, path, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
      return 'copied' as const;
    },
  );
  await chmod(path, 0o644);
  await flush(path);
  return how;
}

/**
 * Makes a path name a build's file, by rename(2), unless it does already. The file becomes as old as its place:
 * clients ask whether the path changed since what they have, so that each file there must be younger than the one
 * before it, in whichever order builds were made. Its hard links share the new time, which only makes a client that
 * asks for them download once more.
 */
export async function placeFile(source: string, path: string, hash: string): Promise<void> {
  const folder = dirname(path);
  if ((await lstatIfThere(folder))?.isSymbolicLink()) await rm(folder); // a tag before, a version now
  await makeFolder(folder);
  const current = await lstatIfThere(path);
  if (current !== undefined && (await isSame(source, path, current, hash))) return;
  await replace(path, async (temporary) => {
    await linkOrCopy(source, temporary);
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
