import {readdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {flush, isUnfinished} from '../host/durable.ts';
import {defaultName, rootNames} from './tree.ts';

/** Removes what publishers that were killed did not finish. Only under the repository's lock: others' live there. */
export async function removeUnfinished(folder: string): Promise<void> {
  for (const entry of await readdir(folder, {withFileTypes: true})) {
    const path = join(folder, entry.name);
    if (isUnfinished(entry.name)) await rm(path, {recursive: true, force: true});
    else if (isVisibleFolder(entry)) await removeUnfinished(path);
  }
}

/** Removes a tree's default and tag links that are not among the wanted ones, given as paths relative to the tree. */
export async function removeStaleLinks(root: string, wanted: ReadonlySet<string>): Promise<void> {
  const isVendor = (name: string) => !rootNames.has(name);
  await removeAmong([], (name) => name === defaultName);
  for (const vendor of (await foldersIn(root)).filter(isVendor)) {
    await removeAmong([vendor], (name) => name === defaultName);
    for (const variant of await foldersIn(join(root, vendor))) {
      for (const arch of await foldersIn(join(root, vendor, variant))) {
        for (const distribution of await foldersIn(join(root, vendor, variant, arch))) {
          await removeAmong([vendor, variant, arch, distribution], () => true);
        }
      }
    }
  }

  async function removeAmong(parts: readonly string[], isOurs: (name: string) => boolean): Promise<void> {
    const folder = join(root, ...parts);
    const links = (await readdir(folder, {withFileTypes: true})).filter((entry) => entry.isSymbolicLink());
    const stale = links.filter(({name}) => isOurs(name) && !wanted.has([...parts, name].join('/')));
    for (const {name} of stale) await rm(join(folder, name));
    if (stale.length > 0) await flush(folder);
  }
}

async function foldersIn(folder: string): Promise<string[]> {
  return (await readdir(folder, {withFileTypes: true})).filter(isVisibleFolder).map(({name}) => name);
}

function isVisibleFolder(entry: {readonly name: string; isDirectory(): boolean}): boolean {
  return entry.isDirectory() && !entry.name.startsWith('.') && entry.name !== 'lost+found';
}
