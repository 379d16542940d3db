import {chmod, readdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {defineBuilder} from '../../src/recipe/builder.ts';
import {hashOfPart, hashOfStandIn, standInsFolder} from '../../stand-ins/shared/hash.ts';
import {covers, inputsOf} from '../../stand-ins/shared/inputs.ts';
import {definePart, defineStandIn, type StandIn} from '../../stand-ins/shared/stand-in.ts';
import {folderWith} from '../folders.ts';

const builder = defineBuilder({name: 'mirror', packages: ['tar'], suite: 'trixie'});
const one = defineStandIn({
  name: 'one',
  distribution: 'one',
  releases: ['1', '2'],
  builder,
  places: {},
  make: async () => undefined,
});
const part = definePart({name: 'common', builder, make: async () => undefined});

/** Stand-ins of which one imports a shared folder by another, and a shared module; another imports other things. */
const files = {
  'one/index.ts': "import {a} from '../shared/format/index.ts';\nimport {m} from '../shared/module.ts';\n",
  'one/releases.ts': '',
  'one/publish': '#!/bin/sh\n',
  'one/files/etc/motd': 'hello\n',
  'two/index.ts': "import {u} from '../shared/unused.ts';\nimport {c} from '../shared/common/index.ts';\n",
  'two/files/etc/motd': 'hello\n',
  'shared/format/index.ts': "import type {T} from '../tools/index.ts';\nexport * from './more.ts';\n",
  'shared/format/more.ts': '',
  'shared/format/script.sh': '',
  'shared/tools/index.ts': '',
  'shared/tools/files/x': '',
  'shared/module.ts': '',
  'shared/unused.ts': '',
  'shared/common/index.ts': "import {m} from '../module.ts';\n",
  'shared/common/files/x': '',
};

/** Which of the files change the hash of a stand-in or a part when they change. */
async function decisive(t: ExecutionContext, hash: (folder: string) => Promise<string>): Promise<string[]> {
  const folder = await folderWith(t, files);
  const found: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    const before = await hash(folder);
    await writeFile(join(folder, name), `${content}// changed\n`);
    if ((await hash(folder)) !== before) found.push(name);
  }
  return found.toSorted();
}

test('a stand-in is made anew when its folder changes, or shared modules and folders that it imports', async (t) => {
  const hash = async (folder: string) => (await hashOfStandIn(one, one.releases, folder)).hash;
  t.deepEqual(
    await decisive(t, hash),
    Object.keys(files)
      .filter((name) => !/^two|common|unused/.test(name))
      .toSorted(),
  );
});

test('a part is made anew when its folder changes, or what it imports', async (t) => {
  const hash = async (folder: string) => (await hashOfPart(part, folder)).hash;
  t.deepEqual(await decisive(t, hash), [
    'shared/common/files/x',
    'shared/common/index.ts',
    'shared/module.ts',
  ]);
});

test('tools, data, releases, modes, and files that come and go count as well', async (t) => {
  const folder = await folderWith(t, {...files, data: 'from elsewhere'});
  const data = [join(folder, 'data')];
  const hash = async (changes: Partial<StandIn> = {}, releases = one.releases) =>
    (await hashOfStandIn({...one, data, ...changes}, releases, folder)).hash;
  const before = await hash();
  t.is(await hash({}, ['2', '1']), before);
  const other = defineBuilder({...builder, packages: ['tar', 'xz-utils']});
  const changed = [await hash({builder: other}), await hash({}, ['1'])];
  await writeFile(join(folder, 'data'), 'other data');
  changed.push(await hash());
  await chmod(join(folder, 'one/publish'), 0o755);
  changed.push(await hash());
  await writeFile(join(folder, 'one/files/etc/issue'), '');
  changed.push(await hash());
  t.is(new Set([before, ...changed]).size, changed.length + 1);
});

test('data that is missing is named', async (t) => {
  const folder = await folderWith(t, files);
  const error = await t.throwsAsync(hashOfStandIn({...one, data: ['/nonexistent/x']}, ['1'], folder));
  t.is(error?.message, 'the stand-in one is made of /nonexistent/x, which cannot be read');
});

test('a file that no hash covers is known as such', async (t) => {
  const folder = await folderWith(t, files);
  const inputs = await inputsOf(join(folder, 'one/index.ts'), folder);
  for (const name of [
    'one',
    'one/files',
    'shared/format/script.sh',
    'shared/module.ts',
    'shared/tools/files',
  ])
    t.true(covers(inputs, join(folder, name)), name);
  for (const name of ['', 'two', 'shared', 'shared/unused.ts', 'shared/common/files', 'one-more'])
    t.false(covers(inputs, join(folder, name)), name);
});

test('every stand-in has its folder’s name, releases, and nothing of another stand-in’s folder', async (t) => {
  const names = (await readdir(standInsFolder, {withFileTypes: true}))
    .filter((entry) => entry.isDirectory() && entry.name !== 'shared')
    .map(({name}) => name);
  t.true(names.length > 5);
  for (const name of names) {
    const module: {default: StandIn} = await import(join(standInsFolder, name, 'index.ts'));
    t.is(module.default.name, name);
    t.true(module.default.releases.length > 0, name);
    const {folders} = await inputsOf(join(standInsFolder, name, 'index.ts'), standInsFolder);
    t.deepEqual(
      folders.filter((folder) => !folder.startsWith(join(standInsFolder, 'shared/'))),
      [join(standInsFolder, name)],
    );
  }
});
