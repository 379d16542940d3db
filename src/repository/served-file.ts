import {constants} from 'node:fs';
import {type FileHandle, open, readlink, realpath, stat} from 'node:fs/promises';
import {join, relative} from 'node:path';
import {Failure} from '../failure.ts';
import {errorCode} from './disk-failure.ts';

/** An open file: what is sent is this one, whatever a publisher renames over its name meanwhile. */
export interface ServedFile {
  readonly handle: FileHandle;
  /** What the client called it. */
  readonly path: string;
  /** Where it is below the served folder, without links. */
  readonly inside: string;
}

/** What open(2) says of a path that leads to nothing a client may have. */
const absent: ReadonlySet<string | undefined> = new Set([
  'ENOENT',
  'ENOTDIR',
  'ELOOP',
  'ENAMETOOLONG',
  'EACCES',
  'ENXIO',
]);

/** A folder's path without links; throws a Failure when there is no such folder. */
export async function realFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory()) {
    throw new Failure(`there is no folder ${folder} to serve`, {
      kind: 'usage',
      remedy: 'Give the folder of a repository; publishing a template makes one.',
    });
  }
  return await realpath(folder);
}

/**
 * Opens a regular file below a folder; a path that ends with a slash means the `index.html` there. Undefined when there
 * is none, when a part of the path, or of where its links lead, begins with a dot, or when they lead out of the folder.
 */
export async function openServedFile(root: string, path: string): Promise<ServedFile | undefined> {
  if (hasDotName(path)) return undefined;
  const name = path.endsWith('/') ? `${path}index.html` : path;
  const handle = await openIfThere(join(root, name));
  if (handle === undefined) return undefined;
  // asked of the open file, so that no link can change between the question and the answer
  const inside = relative(root, await readlink(descriptorPath(handle)));
  if ((await handle.stat()).isFile() && !hasDotName(inside)) return {handle, path: name, inside};
  await handle.close();
  return undefined;
}

/** A path that means an open file (proc(5)). */
export function descriptorPath(handle: FileHandle): string {
  return `/proc/self/fd/${handle.fd}`;
}

/** `..` begins with a dot, too. */
function hasDotName(path: string): boolean {
  return path.split('/').some((name) => name.startsWith('.'));
}

async function openIfThere(path: string): Promise<FileHandle | undefined> {
  // not blocking: a FIFO must not keep the server waiting for its writer
  return await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch((error: unknown) => {
    if (absent.has(errorCode(error))) return undefined;
    throw error;
  });
}
