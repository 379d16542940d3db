import {createHash} from 'node:crypto';
import {readdir, readFile, rename, rm} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {z} from 'zod';
import type {Layer} from '../container/engine.ts';
import {Failure} from '../failure.ts';
import {command} from '../host/command.ts';
import {fillFolder, writeDurably} from '../host/durable.ts';
import {readIdmap} from '../host/idmap.ts';
import {lock} from '../host/lock.ts';
import {anySignal} from '../host/signals.ts';
import type {Builder} from '../recipe/builder.ts';
import {addLayer, type BuilderRootfsOptions, checkBuilder, makeBase} from './rootfs.ts';

export interface BuilderCacheOptions extends BuilderRootfsOptions {
  /** The cache's folder: `cache/builders` of the output. */
  readonly folder: string;
  /** Days after which a builder is made anew that does not say so itself. */
  readonly maximumAge: number;
  /** Called before a builder is made, which takes a while. */
  readonly onMake?: (builder: Builder) => void;
}

/** Everything that decides what a builder is, on whatever machine. */
const definitionShape = z.object({
  name: z.string(),
  packages: z.array(z.string()).readonly(),
  suite: z.string().optional(),
  base: z.string().optional(),
  making: z.number(),
});
type Definition = z.output<typeof definitionShape>;

/** `builder.json` in a cache entry. */
const entryShape = z.object({
  definition: definitionShape,
  /** ISO 8601, UTC. */
  made: z.string(),
  /** sha256 of the names, types, sizes, owners and times of all its files. */
  inventory: z.string(),
  /** The inventory of the builder below when this one was made: its packages are of that one's versions. */
  below: z.string().optional(),
});
type Entry = z.output<typeof entryShape>;

/** Grows when builders are made in another way, so that no entry made before is used. */
const making = 2;

/**
 * The layers of a builder's root filesystem, the topmost first: from the cache, or made now. Runs that want the
 * same builder at once make it once; an entry that is too old, or whose files are not what they were, is made anew.
 */
export async function builderLayers(builder: Builder, options: BuilderCacheOptions): Promise<Layer[]> {
  const below = builder.base === undefined ? [] : await builderLayers(builder.base, options);
  const definition = definitionOf(builder);
  // the files of an entry belong to this machine's ids
  const key = hashOf({definition, idmap: await readIdmap()});
  const folder = join(options.folder, `${builder.name}-${key.slice(0, 16)}`);
  const rootfs = join(folder, 'rootfs');
  await using held = await lock(`${folder}.lock`, {
    signal: options.signal,
    onWait: () => options.log(`waiting for another run that makes the builder ${builder.name}`),
  });
  const reason = await whyNot(folder, builder.maximumAge ?? options.maximumAge, await inventoryOf(below[0]));
  if (reason !== undefined) {
    options.log(`making the builder ${builder.name}: ${reason}`);
    options.onMake?.(builder);
    const signal = anySignal(held.signal, options.signal);
    try {
      await make(builder, definition, below, folder, {...options, signal});
    } catch (error) {
      signal.throwIfAborted();
      throw error instanceof Failure ? error.at(`builder ${builder.name}`) : error;
    }
  }
  return [{folder: rootfs}, ...below];
}

/** The hash of a builder's definition and of all below it, as the manifest has it: the same on every machine. */
export function builderHash(builder: Builder): string {
  return hashOf(definitionOf(builder));
}

function definitionOf({name, packages, suite, base}: Builder): Definition {
  const below = base === undefined ? undefined : builderHash(base);
  return {name, packages: [...packages].sort(), suite, base: below, making};
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Why a cache entry cannot be used; undefined when it can. */
async function whyNot(
  folder: string,
  maximumAge: number,
  below: string | undefined,
): Promise<string | undefined> {
  let entry: Entry;
  try {
    entry = await readEntry(folder);
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return absent ? 'there is none yet' : 'the one in the cache is damaged';
  }
  const days = (Date.now() - Date.parse(entry.made)) / aDay;
  if (!(days <= maximumAge)) return `the one in the cache is older than ${maximumAge} days`;
  if (entry.below !== below) return 'the one in the cache stands on an older one';
  if ((await inventory(join(folder, 'rootfs'))) !== entry.inventory)
    return 'the one in the cache has been changed';
  return undefined;
}

async function readEntry(folder: string): Promise<Entry> {
  return entryShape.parse(JSON.parse(await readFile(join(folder, 'builder.json'), 'utf8')));
}

/** The inventory of a cached layer. */
async function inventoryOf(layer: Layer | undefined): Promise<string | undefined> {
  return layer !== undefined && 'folder' in layer
    ? (await readEntry(dirname(layer.folder))).inventory
    : undefined;
}

/** Names, types, sizes, owners and times of all files below a folder, hashed; find(1) follows no links. */
async function inventory(folder: string): Promise<string> {
  const format = '%P\\t%y\\t%m\\t%U\\t%G\\t%s\\t%T@\\t%l\\n';
  // a folder's size and time may differ where the same files are read again
  const find = ['find', folder, '-mindepth', '1', '-not', '-type', 'd', '-printf', format];
  const lines = (await command(find, {quiet: true})).split('\n').sort();
  return hashOf(lines);
}

async function make(
  builder: Builder,
  definition: Definition,
  below: readonly Layer[],
  folder: string,
  options: BuilderCacheOptions,
): Promise<void> {
  const fill = async (unfinished: string) => {
    const rootfs =
      below.length === 0
        ? await makeBase(builder, unfinished, options)
        : await addLayer(builder, below, unfinished, options);
    await rename(rootfs, join(unfinished, 'rootfs'));
    await checkBuilder(builder, [{folder: join(unfinished, 'rootfs')}, ...below], unfinished, options);
    for (const name of await readdir(unfinished)) {
      if (name !== 'rootfs') await rm(join(unfinished, name), {recursive: true, force: true});
    }
    const entry: Entry = {
      definition,
      made: new Date().toISOString(),
      inventory: await inventory(join(unfinished, 'rootfs')),
      below: await inventoryOf(below[0]),
    };
    await writeDurably(join(unfinished, 'builder.json'), `${JSON.stringify(entry, null, 2)}\n`);
  };
  const makeWay = async () => {
    options.signal?.throwIfAborted();
    await retire(folder);
  };
  await fillFolder(folder, fill, {mode: 0o711, makeWay});
}

/** Longer than any build takes, in milliseconds. */
const aDay = 86_400_000;

/** Puts an entry aside, as builds may still run on it, and removes what was put aside a day ago. */
async function retire(folder: string): Promise<void> {
  const aside = `${basename(folder)}.replaced-`;
  for (const name of await readdir(dirname(folder))) {
    const old = name.startsWith(aside) && Date.now() - Number(name.slice(aside.length)) > aDay;
    if (old) await rm(join(dirname(folder), name), {recursive: true, force: true});
  }
  await rename(folder, join(dirname(folder), `${aside}${Date.now()}`)).catch((error) => {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  });
}
