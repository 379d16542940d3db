import {mkdir, stat} from 'node:fs/promises';
import {dirname} from 'node:path';
import {getSystemErrorMessage} from 'node:util';
import {Failure} from '../failure.ts';

/** Makes a folder and its parents. Node.js's own recursive mkdir never returns where /proc says ENOENT. */
export async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'EEXIST' && (await stat(path)).isDirectory()) return;
    if (error.code !== 'ENOENT') throw error;
    await makeFolder(dirname(path));
    await mkdir(path);
  }
}

/**
 * Writes to a folder that a person named with an option (`--output`). What the system refuses becomes a Failure: of kind
 * `usage` where the path is no folder, else of kind `machine`.
 */
export async function writingTo<T>(folder: string, option: string, effect: () => Promise<T>): Promise<T> {
  try {
    return await effect();
  } catch (error) {
    if (!isSystemError(error)) throw error;
    if (error.code === 'EEXIST' || error.code === 'ENOTDIR') {
      throw new Failure(`${folder} is not a folder`, {
        kind: 'usage',
        remedy: `Name a folder with ${option}.`,
        cause: error,
      });
    }
    throw new Failure(`cannot write to ${folder}: ${getSystemErrorMessage(error.errno)}`, {
      kind: 'machine',
      remedy: `Make room or grant the right to write there, or name another folder with ${option}.`,
      cause: error,
    });
  }
}

function isSystemError(error: unknown): error is Error & {code: string; errno: number} {
  return error instanceof Error && 'code' in error && 'errno' in error && typeof error.errno === 'number';
}
