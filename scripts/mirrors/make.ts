import {createHash} from 'node:crypto';
import {mkdir, readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import {type BuilderCacheOptions, builderHash, builderLayers} from '../../src/builder/cache.ts';
import {toolsInit} from '../../src/builder/rootfs.ts';
import {command} from '../../src/host/command.ts';
import {fillFolder} from '../../src/host/durable.ts';
import {lock} from '../../src/host/lock.ts';
import {readResources, treeMedium} from '../../src/host/resources.ts';
import {keysFolder, type LookAlike, type MirrorTools, mirrorFolder} from './look-alike.ts';

/** A look-alike that has been made. */
export interface MadeMirror {
  readonly lookAlike: LookAlike;
  /** What the server serves. */
  readonly folder: string;
  /** The public keys' files. */
  readonly keys: readonly string[];
}

/** Makes a look-alike in a container, or finds the one that was made by the same code, in a folder of them. */
export async function makeMirror(
  lookAlike: LookAlike,
  folder: string,
  options: BuilderCacheOptions,
): Promise<MadeMirror> {
  await mkdir(folder, {recursive: true});
  const {mirror = lookAlike.name} = lookAlike;
  const made = join(folder, `${mirror}-${(await hashOf(lookAlike)).slice(0, 16)}`);
  await using _lock = await lock(`${made}.lock`);
  const exists = await readdir(made).then(
    () => true,
    () => false,
  );
  if (!exists) await fillFolder(made, (unfinished) => fill(lookAlike, unfinished, options));
  const keys = (await readdir(join(made, 'keys'))).toSorted();
  return {lookAlike, folder: join(made, 'mirror'), keys: keys.map((name) => join(made, 'keys', name))};
}

/** What a configuration says to build from a look-alike that is served at an address. */
export function configurationOf({lookAlike, keys}: MadeMirror, url: string) {
  const {distribution, places} = lookAlike;
  const mirrors = Object.fromEntries(Object.entries(places).map(([name, path]) => [name, `${url}${path}`]));
  return {mirrors: {[distribution]: mirrors}, ...(keys.length > 0 ? {keys: {[distribution]: keys}} : {})};
}

async function fill(lookAlike: LookAlike, folder: string, options: BuilderCacheOptions): Promise<void> {
  await using enclosure = await options.engine.open({
    title: `mirror-${lookAlike.name}`,
    purpose: 'build',
    scratch: treeMedium('auto', 1, await readResources()),
    network: 'host',
    log: options.log,
  });
  const container = await enclosure.container({
    role: 'tools',
    layers: await builderLayers(lookAlike.builder, options),
    veths: 'none',
    init: toolsInit,
    profile: 'tools',
  });
  await container.start();
  const tools: MirrorTools = {
    run: (argv, rest) => container.run(argv, {log: options.log, ...rest}),
    async write(path, input) {
      await container.run(['sh', '-c', 'mkdir -p "$(dirname "$0")" && cat > "$0"', path], {input});
    },
  };
  await tools.run(['mkdir', '-p', mirrorFolder, keysFolder]);
  await lookAlike.make(tools);
  const copy = async (from: string, to: string) => {
    const tar = new PassThrough();
    await mkdir(join(folder, to));
    await Promise.all([
      container.run(['tar', '--create', `--directory=${from}`, '.'], {sink: tar}),
      command(
        ['tar', '--extract', '--no-same-owner', '--no-same-permissions', `--directory=${join(folder, to)}`],
        {
          input: tar,
        },
      ),
    ]);
  };
  await copy(mirrorFolder, 'mirror');
  await copy(keysFolder, 'keys');
}

/** Changes with the builder, and with any file beside this one. */
async function hashOf({builder}: LookAlike): Promise<string> {
  const hash = createHash('sha256').update(builderHash(builder));
  const entries = await readdir(import.meta.dirname, {recursive: true, withFileTypes: true});
  const paths = entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  for (const path of paths.toSorted())
    hash.update(path.slice(import.meta.dirname.length)).update(await readFile(path));
  return hash.digest('hex');
}
