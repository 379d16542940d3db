import {access, constants, readdir, stat} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {Failure} from '../failure.ts';
import {writeDurably} from './durable.ts';
import {makeFolder, writingTo} from './folder.ts';

/** The output folder's rooms, as absolute paths; output/README.md tells what a run leaves in each. */
export interface Output {
  readonly root: string;
  /** What builds left: packed images, manifests, results. */
  readonly builds: string;
  /** Cached root filesystems of build containers. */
  readonly builders: string;
  /** Containers that are running, and what a killed run left of them. */
  readonly containers: string;
  readonly logs: string;
  /** What is published. */
  readonly repository: string;
}

const marker = '.osctl-template';
const markerText = 'This folder belongs to osctl-template: it adds and removes files here.\n';

/** What a fresh clone has in its output folder. */
const cloned = ['README.md', '.gitignore'];

/** Who may own the output folder besides root. */
export interface OutputOptions {
  /** User ids; by default this process's and the owner of this program, whose code runs here anyway. */
  readonly trusted?: readonly number[];
}

/**
 * Opens the output folder and makes what is missing of it. Throws a Failure when the path is something else than
 * an output folder (kind `usage`), or cannot be written (kind `machine`).
 */
export async function openOutput(path: string, options: OutputOptions = {}): Promise<Output> {
  const root = resolve(path);
  const trusted = options.trusted ?? [process.getuid?.() ?? 0, (await stat(import.meta.filename)).uid];
  await writing(root, () => makeFolder(root));
  await refuseStrangers(root, [0, ...trusted]);
  await claim(root);
  const output = rooms(root);
  for (const folder of Object.values(output)) {
    await writing(folder, () => makeFolder(folder));
    await writing(folder, () => access(folder, constants.W_OK));
  }
  return output;
}

function rooms(root: string): Output {
  return {
    root,
    builds: join(root, 'builds'),
    builders: join(root, 'cache', 'builders'),
    containers: join(root, 'containers'),
    logs: join(root, 'logs'),
    repository: join(root, 'repository'),
  };
}

/** A folder of someone we do not trust could be swapped for a symlink while root writes below it. */
async function refuseStrangers(root: string, trusted: readonly number[]): Promise<void> {
  const {uid, mode} = await stat(root);
  if (!trusted.includes(uid)) {
    throw new Failure(`the output folder ${root} belongs to user ${uid}`, {
      kind: 'usage',
      remedy: `Run: chown root: ${root}\nor name another folder with --output.`,
    });
  }
  if ((mode & 0o002) !== 0) {
    throw new Failure(`everybody may write to the output folder ${root}`, {
      kind: 'usage',
      remedy: `Run: chmod o-w ${root}\nor name another folder with --output.`,
    });
  }
}

/** Marks a folder as ours, unless somebody already keeps other things in it. */
async function claim(root: string): Promise<void> {
  const names = await writing(root, () => readdir(root));
  if (names.includes(marker)) return;
  const strange = names.find((name) => !cloned.includes(name));
  if (strange !== undefined) {
    throw new Failure(`${root} has other things in it (${strange}) and is no output folder`, {
      kind: 'usage',
      remedy: `Name an empty or a new folder with --output, or, if it is one, run: touch ${join(root, marker)}`,
    });
  }
  await writing(root, () => writeDurably(join(root, marker), markerText));
}

function writing<T>(folder: string, effect: () => Promise<T>): Promise<T> {
  return writingTo(folder, '--output', effect);
}
