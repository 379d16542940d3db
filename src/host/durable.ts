import {randomBytes} from 'node:crypto';
import {mkdir, open, rename, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';

/** Flushes a file's or a folder's data and entries to the disk (fsync(2)). */
export async function flush(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** A name beside a path for what is not finished; readers and the clean-up know it by its dot and its ending. */
export function unfinished(path: string): string {
  return join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`);
}

/** Whether a name is one that `unfinished` or `fillFolder` gives. */
export function isUnfinished(name: string): boolean {
  return /^\..+\.tmp$/.test(name);
}

export interface FillOptions {
  /** The folder's mode, which the umask applies to; 0o777 unless given. */
  readonly mode?: number;
  /** Called when the folder is filled, before it gets its name: moves away what has that name. */
  readonly makeWay?: () => Promise<unknown>;
}

/**
 * Fills a new folder under a temporary name beside `path`, then renames it: whoever looks sees all of it or nothing.
 * The caller holds a lock: what a killed process left under the temporary name is removed first. `fill` flushes the
 * files it writes.
 */
export async function fillFolder<T>(
  path: string,
  fill: (temporary: string) => Promise<T>,
  {mode = 0o777, makeWay}: FillOptions = {},
): Promise<T> {
  const temporary = join(dirname(path), `.${basename(path)}.tmp`);
  await rm(temporary, {recursive: true, force: true});
  try {
    await mkdir(temporary, {mode});
    const filled = await fill(temporary);
    await makeWay?.();
    await rename(temporary, path);
    await flush(dirname(path));
    return filled;
  } catch (error) {
    await rm(temporary, {recursive: true, force: true});
    throw error;
  }
}

/**
 * Replaces a file by rename(2): a reader, or a machine that lost power, sees the old content or the new. The file
 * is as old as the writing of it unless `modified` says otherwise.
 */
export async function writeDurably(
  path: string,
  content: string | Uint8Array,
  mode = 0o644,
  modified?: Date,
): Promise<void> {
  const temporary = unfinished(path);
  try {
    const handle = await open(temporary, 'wx', mode);
    try {
      await handle.writeFile(content);
      await handle.chmod(mode);
      if (modified !== undefined) await handle.utimes(modified, modified);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, {force: true});
    throw error;
  }
  await flush(dirname(path));
}
