import {readFile} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import {Failure} from '../failure.ts';
import {checkout} from '../host/checkout.ts';
import {type ConfigurationFile, parseConfiguration, refuseFile} from './file.ts';
import {type Configuration, type Environment, type Flags, resolveConfiguration, variable} from './resolve.ts';

export const fileName = 'osctl-templates.yml';

/** Where a configuration is looked for, and what it is made of besides the file. */
export interface Surroundings {
  readonly flags?: Flags;
  readonly env?: Environment;
  /** The current folder. */
  readonly folder?: string;
  /** The project's folder. */
  readonly root?: string;
}

/**
 * Reads the configuration file and gives the whole configuration. The file is the one `--config` or
 * `OSCTL_TEMPLATE_CONFIG` names, else `osctl-templates.yml` in the current folder, else the project's own; with
 * none of them the built-in defaults hold.
 *
 * Throws a Failure of kind `usage` when a named file cannot be read, or a file, flag or variable has mistakes.
 */
export async function loadConfiguration(surroundings: Surroundings = {}): Promise<Configuration> {
  const configuration = await readConfiguration(surroundings);
  if (configuration.file !== undefined) refuseFile(configuration.file);
  return configuration;
}

/** The same, where what is wrong with the file is told later, together with what recipes find in it. */
export async function readConfiguration({
  flags = {},
  env = process.env,
  folder = process.cwd(),
  root = checkout,
}: Surroundings = {}): Promise<Configuration> {
  const named = flags.config ?? (env[variable('config')] || undefined);
  const file =
    named === undefined
      ? ((await readIfPresent(join(folder, fileName))) ?? (await readIfPresent(join(root, fileName))))
      : await readNamed(resolve(folder, named));
  return resolveConfiguration({flags, env, file, folder, root});
}

async function readIfPresent(path: string): Promise<ConfigurationFile | undefined> {
  const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unreadable(path, error);
  });
  return content === undefined ? undefined : parseConfiguration(content, path);
}

async function readNamed(path: string): Promise<ConfigurationFile> {
  const file = await readIfPresent(path);
  if (file !== undefined) return file;
  throw new Failure(`${path}: there is no such file`, {
    kind: 'usage',
    remedy: `Name another file, or none: ${fileName} is found in the current folder and in the project's.`,
  });
}

function unreadable(path: string, error: NodeJS.ErrnoException): Failure {
  return new Failure(`${path}: cannot be read: ${error.message}`, {kind: 'usage', cause: error});
}
