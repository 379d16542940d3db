import {readFile} from 'node:fs/promises';
import {basename} from 'node:path';
import {refuse} from '../mistake.ts';
import type {KeyFile} from '../recipe/step.ts';
import {fileRemedy, mistakeAt} from './file.ts';
import type {Configuration} from './resolve.ts';

/** Reads the configured keys, by distribution. Throws a Failure of kind `usage` that names every file that cannot be read. */
export async function readKeys({
  keys,
  file,
}: Pick<Configuration, 'keys' | 'file'>): Promise<Readonly<Record<string, readonly KeyFile[]>>> {
  const mistakes: string[] = [];
  const read = async (distribution: string, path: string, index: number): Promise<KeyFile[]> => {
    try {
      return [{name: basename(path), content: await readFile(path)}];
    } catch (error) {
      const reason = `${path} cannot be read: ${error instanceof Error ? error.message : error}`;
      mistakes.push(file === undefined ? reason : mistakeAt(file, ['keys', distribution, index], reason));
      return [];
    }
  };
  const entries = Object.entries(keys).map(async ([distribution, paths]): Promise<[string, KeyFile[]]> => {
    const files = await Promise.all(paths.map((path, index) => read(distribution, path, index)));
    return [distribution, files.flat()];
  });
  const known = Object.fromEntries(await Promise.all(entries));
  refuse(mistakes, fileRemedy);
  return known;
}
