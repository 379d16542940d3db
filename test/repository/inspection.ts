import {createHash} from 'node:crypto';
import {glob, readdir, readFile, readlink} from 'node:fs/promises';
import {join, relative} from 'node:path';
import {readBuild} from '../../src/image/manifest.ts';

const indexes = [
  {folder: 'v1', list: 'images', file: 'image', name: 'image-archive.tar'},
  {folder: '', list: 'templates', file: 'rootfs', name: 'rootfs.tar.gz'},
] as const;

/** The paths an index names, relative to the repository; none when there is no index yet. */
export async function namedFiles(repository: string): Promise<string[]> {
  const named: string[] = [];
  for (const {folder, list, file} of indexes) {
    const text = await readFile(join(repository, folder, 'INDEX.json'), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const index: Record<string, Record<string, {tar: string}>[]> = JSON.parse(text);
    for (const entry of index[list] ?? []) named.push(join(folder, entry[file]?.tar ?? 'nothing'));
  }
  return named;
}

/**
 * What is wrong in a repository, at whatever instant: an index that names something else than a whole file of a
 * published build, or a build that is not whole. Nothing, however publishers ended.
 */
export async function flaws(repository: string): Promise<string[]> {
  const found: string[] = [];
  const published = new Map<string, Set<string>>();
  for await (const manifestPath of glob('builds/*/[0-9]*/manifest.json', {cwd: repository})) {
    const {folder, manifest} = await readBuild(join(repository, manifestPath, '..'));
    for (const [name, listed] of Object.entries(manifest.files)) {
      if ((await hashIfThere(join(folder, name))) !== listed.sha256) found.push(`${manifestPath}: ${name}`);
    }
    for (const {folder: tree, name} of indexes) {
      const {vendor, variant, arch, distribution, version} = manifest.template;
      const path = join(tree, vendor, variant, arch, distribution, version, name);
      const hashes = published.get(path) ?? new Set();
      published.set(path, hashes.add(manifest.files[name]?.sha256 ?? ''));
    }
  }
  for (const path of await namedFiles(repository)) {
    const hash = await hashIfThere(join(repository, path));
    if (hash === undefined || !published.get(path)?.has(hash)) found.push(path);
  }
  return found;
}

/** Its files are small. */
async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

async function hashIfThere(path: string): Promise<string | undefined> {
  return await hashOf(path).catch(() => undefined);
}

/** Every name in a repository that a publisher did not finish. */
export async function leftovers(repository: string): Promise<string[]> {
  const names = await readdir(repository, {recursive: true});
  return names.filter((name) => name.endsWith('.tmp'));
}

/** Everything in a repository: what each name stands for, without the random part of unfinished ones. */
export async function contentsOf(repository: string): Promise<Record<string, string>> {
  const entries = await readdir(repository, {recursive: true, withFileTypes: true});
  const contents: Record<string, string> = {};
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(repository, path).replace(/\.[0-9a-f]{8}(?=\.tmp)/g, '');
    contents[name] = entry.isSymbolicLink()
      ? `-> ${await readlink(path)}`
      : entry.isDirectory()
        ? 'folder'
        : await readFile(path, 'utf8');
  }
  return contents;
}
