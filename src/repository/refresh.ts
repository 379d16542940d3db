import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {writeDurably} from '../host/durable.ts';
import type {Defaults, IndexContents} from './index-contents.ts';
import {lstatIfThere, makeFolder, modifiedAfter, placeFile, placeLink} from './place.ts';
import {buildFolder, type PublishedBuild} from './published.ts';
import {removeStaleLinks} from './sweep.ts';
import {filePath, indexFile, renderIndex, type Tree, treeContents, treeLinks, trees} from './tree.ts';

/**
 * Makes every tree say what the published builds are: first the files, then the indexes that name them, then the
 * links. What is right already is not touched. Only under the repository's lock: throws the reason of `lost` once that
 * aborts.
 */
export async function refresh(
  repository: string,
  builds: readonly PublishedBuild[],
  lost: AbortSignal,
  defaults: Defaults = {},
): Promise<void> {
  const manifests = builds.map(({manifest}) => manifest);
  const plans = trees.map((tree) => ({
    tree,
    root: join(repository, tree.folder),
    contents: treeContents(tree, manifests, defaults),
  }));
  for (const {tree, root, contents} of plans) {
    lost.throwIfAborted();
    await placeFiles(repository, tree, root, contents);
  }
  for (const {tree, root, contents} of plans) {
    lost.throwIfAborted();
    await placeIndex(repository, root, renderIndex(tree, contents));
  }
  for (const {root, contents} of plans) await placeLinks(root, treeLinks(contents));
}

async function placeFiles(
  repository: string,
  tree: Tree,
  root: string,
  {entries}: IndexContents,
): Promise<void> {
  for (const {template, manifest} of entries) {
    const listed = manifest.files[tree.file];
    if (listed === undefined) continue;
    const source = join(buildFolder(repository, manifest), tree.file);
    await placeFile(source, join(root, filePath(tree, template)), listed, repository);
  }
}

async function placeIndex(repository: string, root: string, content: string): Promise<void> {
  await makeFolder(root, repository);
  const path = join(root, indexFile);
  const current = await lstatIfThere(path);
  if (current !== undefined && (await readFile(path, 'utf8')) === content) return;
  await writeDurably(path, content, 0o644, modifiedAfter(current?.mtime, new Date()));
}

async function placeLinks(root: string, links: ReadonlyMap<string, string>): Promise<void> {
  for (const [path, target] of links) await placeLink(join(root, path), target);
  await removeStaleLinks(root, new Set(links.keys()));
}
