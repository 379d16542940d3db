import {mkdir, readdir} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {PassThrough} from 'node:stream';
import {fileURLToPath} from 'node:url';
import {type BuilderCacheOptions, builderLayers} from '../../src/builder/cache.ts';
import {toolsContainer} from '../../src/builder/rootfs.ts';
import type {Container} from '../../src/container/engine.ts';
import {command} from '../../src/host/command.ts';
import {fillFolder} from '../../src/host/durable.ts';
import {lock} from '../../src/host/lock.ts';
import {readResources, treeMedium} from '../../src/host/resources.ts';
import type {Builder} from '../../src/recipe/builder.ts';
import {hashOfPart, hashOfStandIn} from './hash.ts';
import {covers, type Inputs} from './inputs.ts';
import {
  keysFolder,
  type MakingTools,
  mirrorFolder,
  type Part,
  partFolder,
  partIn,
  type StandIn,
} from './stand-in.ts';

/** A stand-in that has been made. */
export interface MadeMirror {
  readonly standIn: StandIn;
  /** What the server serves. */
  readonly folder: string;
  /** The public keys' files. */
  readonly keys: readonly string[];
}

export interface MakeOptions extends BuilderCacheOptions {
  /** Of the stand-in's releases, those that are needed; all unless given. */
  readonly releases?: readonly string[];
}

/** Makes a stand-in in a container, or finds the one that was made of the same inputs, in a folder of them. */
export async function makeMirror(
  standIn: StandIn,
  folder: string,
  {releases = standIn.releases, ...options}: MakeOptions,
): Promise<MadeMirror> {
  const unknown = releases.find((each) => !standIn.releases.includes(each));
  if (unknown !== undefined) throw new Error(`the stand-in ${standIn.name} has no release ${unknown}`);
  const {hash, inputs} = await hashOfStandIn(standIn, releases);
  const made = await once(join(folder, `${standIn.name}-${hash.slice(0, 16)}`), async (unfinished) => {
    const parts = new Map<Part, string>();
    for (const part of standIn.parts ?? []) parts.set(part, await makePart(part, folder, options));
    await inContainer(standIn, inputs, options, async (tools, container) => {
      for (const [part, from] of parts) await fill(container, from, partIn(part));
      await tools.run(['mkdir', '-p', mirrorFolder, keysFolder]);
      await standIn.make(tools, releases);
      await fetch(container, mirrorFolder, join(unfinished, 'mirror'));
      await fetch(container, keysFolder, join(unfinished, 'keys'));
    });
  });
  const keys = (await readdir(join(made, 'keys'))).toSorted();
  return {standIn, folder: join(made, 'mirror'), keys: keys.map((name) => join(made, 'keys', name))};
}

/** What a configuration says to build from a stand-in that is served at an address. */
export function configurationOf({standIn, keys}: MadeMirror, url: string) {
  const {distribution, places} = standIn;
  const mirrors = Object.fromEntries(Object.entries(places).map(([name, path]) => [name, `${url}${path}`]));
  return {mirrors: {[distribution]: mirrors}, ...(keys.length > 0 ? {keys: {[distribution]: keys}} : {})};
}

/** Makes a part, or finds it; gives its folder. */
async function makePart(part: Part, folder: string, options: BuilderCacheOptions): Promise<string> {
  const {hash, inputs} = await hashOfPart(part);
  return once(join(folder, `part-${part.name}-${hash.slice(0, 16)}`), async (unfinished) => {
    await inContainer(part, inputs, options, async (tools, container) => {
      await tools.run(['mkdir', '-p', partFolder]);
      await part.make(tools);
      await fetch(container, partFolder, unfinished);
    });
  });
}

/** A folder that is made whole or not at all, by one process at a time. */
async function once(made: string, make: (unfinished: string) => Promise<void>): Promise<string> {
  await mkdir(dirname(made), {recursive: true});
  await using _lock = await lock(`${made}.lock`);
  const exists = await readdir(made).then(
    () => true,
    () => false,
  );
  if (exists) return made;
  await fillFolder(made, make);
  return made;
}

async function inContainer(
  {name, builder}: {readonly name: string; readonly builder: Builder},
  inputs: Inputs,
  options: BuilderCacheOptions,
  use: (tools: MakingTools, container: Container) => Promise<void>,
): Promise<void> {
  await using enclosure = await options.engine.open({
    title: `stand-in-${name}`,
    purpose: 'build',
    scratch: treeMedium('auto', 1, await readResources()),
    network: 'host',
    log: options.log,
  });
  const container = await enclosure.container({
    role: 'tools',
    layers: await builderLayers(builder, options),
    ...toolsContainer,
  });
  await container.start();
  await use(toolsIn(container, inputs, options.log), container);
}

function toolsIn(container: Container, inputs: Inputs, log: (line: string) => void): MakingTools {
  const covered = (url: URL) => {
    const path = fileURLToPath(url).replace(/\/$/, '');
    if (!covers(inputs, path)) throw new Error(`${path} is not covered by the hash of the stand-in`);
    return path;
  };
  const run: MakingTools['run'] = (argv, rest) => container.run(argv, {log, ...rest});
  return {
    run,
    async write(path, input) {
      await container.run(['sh', '-c', 'mkdir -p "$(dirname "$0")" && cat > "$0"', path], {input});
    },
    copy: (folder, to) => fill(container, covered(folder), to),
    async script(file, argv, rest) {
      const path = covered(file);
      const name = basename(path);
      await fill(container, dirname(path), '/srv/scripts', [name]);
      return run([`/srv/scripts/${name}`, ...argv], rest);
    },
  };
}

/** Copies what is in a folder of this machine, or some of it, into one of the container, as its root's. */
async function fill(
  container: Container,
  from: string,
  to: string,
  names: readonly string[] = ['.'],
): Promise<void> {
  const tar = new PassThrough();
  const owners = ['--owner=0', '--group=0', '--mode=u=rwX,go=rX'];
  // a folder may be there already, with its own mode, or be a link to one
  const extract =
    'mkdir -p "$0" && tar --extract --keep-directory-symlink --no-overwrite-dir --directory="$0"';
  await Promise.all([
    command(['tar', '--create', ...owners, `--directory=${from}`, ...names], {sink: tar}),
    container.run(['sh', '-c', extract, to], {input: tar}),
  ]);
}

/** Copies what is in a folder of the container into one of this machine. */
async function fetch(container: Container, from: string, to: string): Promise<void> {
  const tar = new PassThrough();
  await mkdir(to, {recursive: true});
  await Promise.all([
    container.run(['tar', '--create', `--directory=${from}`, '.'], {sink: tar}),
    command(['tar', '--extract', '--no-same-owner', '--no-same-permissions', `--directory=${to}`], {
      input: tar,
    }),
  ]);
}
