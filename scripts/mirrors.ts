#!/usr/bin/env node
/**
 * Makes look-alikes of distributions' mirrors and serves them until Ctrl-C, for who has no real ones:
 *
 *     npm run mirrors -- ubuntu arch
 *     ./osctl-template deploy --config output/mirrors/osctl-templates.yml ubuntu-24.04
 *
 * Without names it serves all there are. `scripts/mirrors/` has one module each.
 */
import {once} from 'node:events';
import {readdir, writeFile} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {stringify} from 'yaml';
import {lxcEngine} from '../src/container/enclosure.ts';
import {hostAcceptsExpired} from '../src/host/apt.ts';
import {openOutput} from '../src/host/output.ts';
import {listed, suggestion} from '../src/mistake.ts';
import type {LookAlike} from './mirrors/look-alike.ts';
import {configurationOf, makeMirror} from './mirrors/make.ts';
import {serveMirror} from './mirrors/serve.ts';

const folder = join(import.meta.dirname, 'mirrors', 'look-alikes');
const known = (await readdir(folder))
  .filter((name) => name.endsWith('.ts'))
  .map((name) => basename(name, '.ts'));
const names = process.argv.length > 2 ? process.argv.slice(2) : known.toSorted();
for (const name of names.filter((each) => !known.includes(each))) {
  console.error(
    `${name}: there is no such look-alike${suggestion(name, known)}; there are ${listed(known, 'and')}`,
  );
  process.exit(2);
}

const output = await openOutput(join(import.meta.dirname, '../output'));
const mirrors = join(output.root, 'mirrors');
const configurations = [];
await using servers = new AsyncDisposableStack();
for (const name of names) {
  console.log(`${name}: makes it, or finds it`);
  const module: {default: LookAlike} = await import(join(folder, `${name}.ts`));
  const made = await makeMirror(module.default, mirrors, {
    engine: lxcEngine(output.containers),
    folder: output.builders,
    maximumAge: 7,
    acceptExpired: await hostAcceptsExpired(),
    log: () => undefined,
  });
  const {url} = servers.use(await serveMirror(made.folder));
  console.log(`${name}: ${url}`);
  configurations.push(configurationOf(made, url));
}
const merged: {mirrors: Record<string, Record<string, string>>; keys: Record<string, string[]>} = {
  mirrors: {},
  keys: {},
};
// several look-alikes may have places of one distribution
for (const {mirrors: places, keys = {}} of configurations) {
  for (const [name, own] of Object.entries(places)) merged.mirrors[name] = {...merged.mirrors[name], ...own};
  for (const [name, own] of Object.entries(keys)) {
    merged.keys[name] = [...new Set([...(merged.keys[name] ?? []), ...own])];
  }
}
const config = join(mirrors, 'osctl-templates.yml');
await writeFile(config, stringify(merged));
console.log(
  `\nThey are the mirrors of ${config}; until Ctrl-C:\n  osctl-template deploy --config ${config} …`,
);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
