import type {Stats} from 'node:fs';
import {lstat, readdir, readFile, readlink, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Failure} from '../failure.ts';
import type {FileEntry} from '../recipe/rootfs.ts';
import {type Step, step} from '../recipe/step.ts';

/**
 * Installs a folder of the recipe into the tree: `files('files')` puts `files/etc/motd` at `/etc/motd`. Owners are
 * root. Files, links and empty folders go in with any name that is UTF-8; what cannot be kept, such as a socket, fails
 * the build with its path.
 *
 * Modes are kept, set-user-ID and the like included, except for what a checkout's umask decides: nobody but the owner
 * may write, so 0664 becomes 0644; and where the recipe's own folder cannot be read by the group or by others, as with
 * umask 077, they may do with each file what its owner may, except write.
 */
export function files(folder: string): Step {
  return step(`files from ${folder}`, async (rootfs, context) => {
    await rootfs.write(await readFolder(new URL(`${folder}/`, context.folder), context.folder));
  });
}

/** The same for a folder of this room, `src/rootfs/files/<name>`: what several distributions have in common. */
export async function commonFiles(name: string): Promise<FileEntry[]> {
  return readFolder(new URL(`files/${name}/`, import.meta.url));
}

/**
 * A folder's files, links and empty folders as entries, sorted, with paths that begin at the folder; other folders are
 * among them only where their mode is not 0755. `checkout` is the folder whose mode shows the umask, see `files`.
 * Throws a Failure of kind `usage` that names everything that cannot be kept.
 */
export async function readFolder(folder: URL, checkout: URL = folder): Promise<FileEntry[]> {
  const root = fileURLToPath(folder);
  const names = await namesIn(root);
  const {mode: reference} = await stat(checkout);
  const found = await Promise.all(names.map((name) => look(root, name)));
  const odd = found.flatMap(({name, lost}) => (lost === undefined ? [] : [`${join(root, name)}: ${lost}`]));
  if (odd.length > 0) throw new Failure(odd.join('\n'), {kind: 'usage', remedy: lostRemedy});
  const inside = new Set(names.map((name) => name.slice(0, Math.max(0, name.lastIndexOf('/')))));
  const entries = await Promise.all(
    found.map(async ({name, stats}): Promise<FileEntry | undefined> => {
      if (stats === undefined) return undefined;
      const path = `/${name}`;
      if (stats.isSymbolicLink()) return {path, target: await readlink(join(root, name))};
      const mode = modeInTree(stats, reference);
      if (!stats.isDirectory()) return {path, content: await readFile(join(root, name)), mode};
      return inside.has(name) && mode === 0o755 ? undefined : {path, directory: true, mode};
    }),
  );
  return entries.filter((entry) => entry !== undefined);
}

/** What of a folder cannot be installed, by its name in the folder, and why. */
export async function lostFiles(folder: string): Promise<{readonly name: string; readonly lost: string}[]> {
  const found = await Promise.all((await namesIn(folder)).map((name) => look(folder, name)));
  return found.flatMap(({name, lost}) => (lost === undefined ? [] : [{name, lost}]));
}

export const lostRemedy =
  'Take it out of the folder; a step of the recipe’s own can make it in the tree, or a service when the container starts.';

interface Looked {
  readonly name: string;
  readonly stats?: Stats;
  /** Why it cannot be kept. */
  readonly lost?: string;
}

async function look(root: string, name: string): Promise<Looked> {
  // Node.js reads bytes that are not UTF-8 as this character
  if (name.includes('\uFFFD')) return {name, lost: 'its name is not UTF-8'};
  const stats = await lstat(join(root, name));
  const kind = kinds.find(({is}) => is(stats))?.called;
  return kind === undefined ? {name, stats} : {name, lost: `is ${kind}, which cannot be installed`};
}

const kinds: readonly {readonly is: (stats: Stats) => boolean; readonly called: string}[] = [
  {is: (stats) => stats.isSocket(), called: 'a socket'},
  {is: (stats) => stats.isFIFO(), called: 'a FIFO'},
  {is: (stats) => stats.isCharacterDevice() || stats.isBlockDevice(), called: 'a device node'},
];

async function namesIn(root: string): Promise<string[]> {
  const names = await readdir(root, {recursive: true}).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new Failure(`there is no folder ${root} with files to install`, {
      remedy: 'Make it, beside the recipe’s index.ts, or correct its name in the recipe.',
      cause: error,
    });
  });
  return names.toSorted();
}

/** A mode without what the checkout's umask made of it, see `files`. */
function modeInTree(stats: Stats, reference: number): number {
  const owners = (stats.mode >> 6) & 0o5;
  const group = reference & 0o040 ? 0 : owners << 3;
  const others = reference & 0o004 ? 0 : owners;
  const mode = (stats.mode & 0o7755) | group | others;
  // a shared folder hands its set-group-ID down to those made in it
  return stats.isDirectory() ? mode & ~0o2000 : mode;
}
