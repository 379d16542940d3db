import {createHash} from 'node:crypto';
import {lstat, readdir} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {readBuild} from '../image/manifest.ts';
import {templateId} from '../recipe/template.ts';
import type {ServedFile} from './served-file.ts';
import {schema1} from './tree.ts';

/** How many files a server remembers the tags of. */
const remembered = 4096;

/**
 * Gives the strong entity tag (RFC 9110, section 8.8.3) of a repository's files: the sha256 that the build's manifest
 * lists, the same on every server and under every path of the file; for other files something that is another whenever
 * the file is replaced or written to.
 */
export function entityTags(root: string): (file: ServedFile) => Promise<string> {
  const known = new Map<string, string>();
  return async ({handle, inside}) => {
    const {dev, ino, size, mtimeNs, ctimeNs} = await handle.stat({bigint: true});
    const identity = [dev, ino, size, mtimeNs, ctimeNs].join(' ');
    const tag =
      known.get(identity) ?? `"${(await listedHash(root, inside, {dev, ino})) ?? digest(identity)}"`;
    if (known.size >= remembered) known.clear();
    known.set(identity, tag);
    return tag;
  };
}

/** The sha256 of a build's file from its manifest; undefined when it is not one. */
async function listedHash(
  root: string,
  inside: string,
  {dev, ino}: {readonly dev: bigint; readonly ino: bigint},
): Promise<string | undefined> {
  const name = basename(inside);
  for (const folder of await possibleBuilds(root, inside)) {
    const found = await lstat(join(folder, name), {bigint: true}).catch(() => undefined);
    if (found?.dev !== dev || found.ino !== ino) continue;
    const build = await readBuild(folder).catch(() => undefined);
    return build?.manifest.files[name]?.sha256;
  }
  return undefined;
}

/** The folders of builds that a file can belong to: its own, or those of the template whose place in a tree it has. */
async function possibleBuilds(root: string, inside: string): Promise<string[]> {
  const parts = inside.split('/');
  const [first, id = '', serial = '', ...file] = parts;
  if (first === 'builds') return file.length === 1 ? [join(root, first, id, serial)] : [];
  const [vendor = '', variant = '', arch = '', distribution = '', version = '', ...files] =
    first === schema1.folder ? parts.slice(1) : parts;
  if (files.length !== 1) return [];
  const builds = join(root, 'builds', templateId({distribution, version, arch, vendor, variant}));
  return (await readdir(builds).catch(() => [])).map((name) => join(builds, name));
}

function digest(identity: string): string {
  return createHash('sha256').update(identity).digest('hex').slice(0, 32);
}
