import {mkdir, truncate, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {Failure} from '../../src/failure.ts';
import {tryCommand} from '../../src/host/command.ts';
import {treeOf} from '../../src/rootfs/tree.ts';
import {temporaryFolder} from '../host/temporary.ts';

/** This machine as a tree, which is only looked at. */
const machine = treeOf(tryCommand, () => 0);

test('what is at several paths is read in one command, byte for byte', async (t) => {
  const folder = await temporaryFolder(t);
  const at = (name: string) => join(folder, name);
  const contents = {plain: 'a\nb\n', unended: 'a\r\n\nb', word: 'folder', empty: ''};
  for (const [name, content] of Object.entries(contents)) await writeFile(at(name), content);
  await mkdir(at('made'));
  const found = await machine.look(...Object.keys(contents).map(at), at('made'), at('absent'));
  const expected = Object.values(contents).map((content) => ({content}));
  t.deepEqual(found, [...expected, {directory: true}, undefined]);
  for (const [name, content] of Object.entries(contents)) t.is(await machine.read(at(name)), content);
  t.is(await machine.read(at('absent')), undefined);
});

test('what cannot be read is a failure that names it', async (t) => {
  const folder = await temporaryFolder(t);
  const error = await t.throwsAsync(machine.read(folder), {instanceOf: Failure});
  t.is(error?.message, `cannot read ${folder}: it is no plain file`);
});

test('a file without end is a failure that names it, not a memory that is full', async (t) => {
  const path = join(await temporaryFolder(t), 'huge');
  await writeFile(path, '');
  await truncate(path, 2 ** 40);
  for (const reading of [machine.read(path), machine.look(path)]) {
    const error = await t.throwsAsync(reading, {instanceOf: Failure});
    t.is(error?.message, `cannot read ${path}: more than 32 MiB`);
  }
});
