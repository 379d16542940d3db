import {access, constants, readFile, realpath, statfs} from 'node:fs/promises';
import {availableParallelism} from 'node:os';
import {delimiter, dirname, join, resolve} from 'node:path';
import {execa} from 'execa';
import {programEnvironment} from './environment.ts';

/** What the checks ask of the machine they check; tests give them a broken one. */
export interface Machine {
  readonly platform: string;
  readonly uid: number;
  /** Like `24.15.0`. */
  readonly nodeVersion: string;
  /** Processors this process may use, its cgroup's quota considered. */
  readonly cores: number;
  /** A file's text; undefined where it cannot be read. */
  readFile(path: string): Promise<string | undefined>;
  /** The file a command's name stands for in PATH, symlinks resolved. */
  findCommand(name: string): Promise<string | undefined>;
  run(command: string, args: readonly string[]): Promise<CommandResult>;
  /** The nearest folder to a path that exists, the path itself if it does, without links. */
  existing(path: string): Promise<string>;
  /** Bytes free where a path is or would be. */
  freeSpace(path: string): Promise<number | undefined>;
}

export interface CommandResult {
  readonly ok: boolean;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

/** The machine this process runs on. */
export const thisMachine: Machine = {
  platform: process.platform,
  uid: process.getuid?.() ?? -1,
  nodeVersion: process.versions.node,
  cores: availableParallelism(),
  async readFile(path) {
    return await readFile(path, 'utf8').catch(() => undefined);
  },
  async findCommand(name) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      const found = await access(path, constants.X_OK).then(
        () => realpath(path),
        () => undefined,
      );
      if (found !== undefined) return found;
    }
    return undefined;
  },
  async run(command, args) {
    const {failed, all, shortMessage} = await execa(command, args, {
      all: true,
      reject: false,
      stdin: 'ignore',
      timeout: 10_000,
      extendEnv: false,
      env: programEnvironment({LC_ALL: 'C'}),
    });
    return {ok: !failed, output: all || (shortMessage ?? '')};
  },
  existing: existingFolder,
  async freeSpace(path) {
    const space = await statfs(await existingFolder(path)).catch(() => undefined);
    return space === undefined ? undefined : space.bavail * space.bsize;
  },
};

async function existingFolder(path: string): Promise<string> {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    const found = await realpath(folder).catch(() => undefined);
    if (found !== undefined) return found;
    if (folder === dirname(folder)) return folder;
  }
}
