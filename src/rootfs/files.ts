import {lstat, readdir, readFile, readlink} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Failure} from '../failure.ts';
import type {FileEntry} from '../recipe/rootfs.ts';
import {type Step, step} from '../recipe/step.ts';

/**
 * Installs a folder of the recipe into the tree: `files('files')` puts `files/etc/motd` at `/etc/motd`. Owners are
 * root, modes 0644 and 0755; a file that is executable in the folder is executable in the tree.
 */
export function files(folder: string): Step {
  return step(`files from ${folder}`, async (rootfs, context) => {
    await rootfs.write(await readFolder(new URL(`${folder}/`, context.folder)));
  });
}

/** The same for a folder of this room, `src/rootfs/files/<name>`: what several distributions have in common. */
export async function commonFiles(name: string): Promise<FileEntry[]> {
  return readFolder(new URL(`files/${name}/`, import.meta.url));
}

/** A folder's files and links as entries, sorted, with paths that begin at the folder. */
export async function readFolder(folder: URL): Promise<FileEntry[]> {
  const root = fileURLToPath(folder);
  const names = await readdir(root, {recursive: true}).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new Failure(`there is no folder ${root} with files to install`, {
      remedy: 'Make it, beside the recipe’s index.ts, or correct its name in the recipe.',
      cause: error,
    });
  });
  names.sort();
  const entries = await Promise.all(names.map((name) => readEntry(join(root, name), `/${name}`)));
  return entries.filter((entry) => entry !== undefined);
}

async function readEntry(file: string, path: string): Promise<FileEntry | undefined> {
  const stat = await lstat(file);
  if (stat.isSymbolicLink()) return {path, target: await readlink(file)};
  if (stat.isDirectory()) return undefined; // made with the files in it
  return {path, content: await readFile(file), mode: stat.mode & 0o100 ? 0o755 : 0o644};
}
