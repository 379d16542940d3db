#!/usr/bin/env node
/**
 * Makes stand-in mirrors of distributions and serves them until Ctrl-C, for machines without internet access:
 *
 *     npm run mirrors -- ubuntu arch
 *     ./osctl-template deploy --config output/mirrors/osctl-templates.yml ubuntu-24.04
 *
 * Without names it serves all that there are: one folder each in `stand-ins`.
 */
import {once} from 'node:events';
import {readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import PQueue from 'p-queue';
import {stringify} from 'yaml';
import {lxcEngine} from '../src/container/enclosure.ts';
import {hostAcceptsExpired} from '../src/host/apt.ts';
import {openOutput} from '../src/host/output.ts';
import {listed, suggestion} from '../src/mistake.ts';
import {standInsFolder} from '../stand-ins/shared/hash.ts';
import {configurationOf, makeMirror} from '../stand-ins/shared/make.ts';
import {serveMirror} from '../stand-ins/shared/serve.ts';
import type {StandIn} from '../stand-ins/shared/stand-in.ts';

const entries = await readdir(standInsFolder, {withFileTypes: true});
const known = entries
  .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
  .map(({name}) => name)
  .toSorted();
const names = process.argv.length > 2 ? process.argv.slice(2) : known;
for (const name of names.filter((each) => !known.includes(each))) {
  console.error(
    `${name}: there is no such stand-in mirror${suggestion(name, known)}; there are ${listed(known, 'and')}`,
  );
  process.exit(2);
}

const output = await openOutput(join(import.meta.dirname, '../output'));
const mirrors = join(output.root, 'mirrors');
const acceptExpired = await hostAcceptsExpired();
await using servers = new AsyncDisposableStack();
// making one is in turns downloading, unpacking and compressing: two at once take less time than one after another
const queue = new PQueue({concurrency: 2});
const configurations = await queue.addAll(
  names.map((name) => async () => {
    console.log(`${name}: is made, unless it is there already`);
    const module: {default: StandIn} = await import(join(standInsFolder, name, 'index.ts'));
    const made = await makeMirror(module.default, mirrors, {
      engine: lxcEngine(output.containers),
      folder: output.builders,
      maximumAge: 7,
      acceptExpired,
      log: () => undefined,
    });
    const {url} = servers.use(await serveMirror(made.folder));
    console.log(`${name}: ${url}`);
    return configurationOf(made, url);
  }),
);
const merged: {mirrors: Record<string, Record<string, string>>; keys: Record<string, string[]>} = {
  mirrors: {},
  keys: {},
};
// several stand-ins may be mirrors of one distribution
for (const {mirrors: places, keys = {}} of configurations) {
  for (const [name, own] of Object.entries(places)) merged.mirrors[name] = {...merged.mirrors[name], ...own};
  for (const [name, own] of Object.entries(keys)) {
    merged.keys[name] = [...new Set([...(merged.keys[name] ?? []), ...own])];
  }
}
const config = join(mirrors, 'osctl-templates.yml');
await writeFile(config, stringify(merged));
console.log(
  `\nTheir configuration is ${config}. They are served until Ctrl-C:\n  osctl-template deploy --config ${config} …`,
);
await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
