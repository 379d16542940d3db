import {createHash} from 'node:crypto';
import {readFile} from 'node:fs/promises';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {builderHash} from '../../src/builder/cache.ts';
import {readFolder} from '../../src/rootfs/files.ts';
import {type Inputs, inputsOf} from './inputs.ts';
import type {Part, StandIn} from './stand-in.ts';

/** The folder of all stand-ins. */
export const standInsFolder = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** What a stand-in or a part is made of, and a hash that changes with any of it. */
export interface Hashed {
  readonly hash: string;
  readonly inputs: Inputs;
}

/** Changes with the stand-in's own folder, the shared modules it imports, its tools, data and the releases. */
export async function hashOfStandIn(
  {name, builder, data = []}: StandIn,
  releases: readonly string[],
  standIns = standInsFolder,
): Promise<Hashed> {
  const inputs = await inputsOf(`${standIns}/${name}/index.ts`, standIns);
  const others = [builderHash(builder), ...releases.toSorted()];
  for (const path of data) {
    const content = await readFile(path).catch((cause: unknown) => {
      throw new Error(`the stand-in ${name} is made of ${path}, which cannot be read`, {cause});
    });
    others.push(createHash('sha256').update(content).digest('hex'));
  }
  return {hash: await hashOf(inputs, others, standIns), inputs};
}

/** Changes with the part's folder in `shared`, the shared modules it imports and its tools. */
export async function hashOfPart({name, builder}: Part, standIns = standInsFolder): Promise<Hashed> {
  const inputs = await inputsOf(`${standIns}/shared/${name}/index.ts`, standIns);
  return {hash: await hashOf(inputs, [builderHash(builder)], standIns), inputs};
}

async function hashOf(
  {folders, modules}: Inputs,
  others: readonly string[],
  standIns: string,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(others));
  const add = (path: string, mode: string, content: Uint8Array | string) =>
    hash.update(`${path.slice(standIns.length)}\0${mode}\0${content.length}\0`).update(content);
  for (const folder of folders) {
    for (const entry of await readFolder(pathToFileURL(`${folder}/`))) {
      if ('target' in entry) add(`${folder}${entry.path}`, 'link', entry.target);
      else if ('content' in entry) add(`${folder}${entry.path}`, `${entry.mode}`, entry.content);
    }
  }
  for (const path of modules) add(path, 'module', await readFile(path));
  return hash.digest('hex');
}
