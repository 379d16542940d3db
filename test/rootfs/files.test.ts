import {chmod, mkdir, symlink} from 'node:fs/promises';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import test from 'ava';
import {readFolder} from '../../src/rootfs/files.ts';
import {folderWith} from '../folders.ts';

test('files come with their content, and executable ones stay executable', async (t) => {
  const folder = await folderWith(t, {'etc/motd': 'Welcome\n', 'usr/bin/hello': '#!/bin/sh\n'});
  await chmod(join(folder, 'usr/bin/hello'), 0o700);
  await chmod(join(folder, 'etc/motd'), 0o600);
  t.deepEqual(await readFolder(pathToFileURL(`${folder}/`)), [
    {path: '/etc/motd', content: Buffer.from('Welcome\n'), mode: 0o644},
    {path: '/usr/bin/hello', content: Buffer.from('#!/bin/sh\n'), mode: 0o755},
  ]);
});

test('a link is taken as a link, wherever it leads', async (t) => {
  const folder = await folderWith(t, {'etc/hosts': ''});
  await symlink('/etc/shadow', join(folder, 'etc/outside'));
  await symlink('nowhere', join(folder, 'etc/broken'));
  await symlink('..', join(folder, 'etc/parent'));
  t.deepEqual((await readFolder(pathToFileURL(`${folder}/`))).slice(0, 4), [
    {path: '/etc/broken', target: 'nowhere'},
    {path: '/etc/hosts', content: Buffer.alloc(0), mode: 0o644},
    {path: '/etc/outside', target: '/etc/shadow'},
    {path: '/etc/parent', target: '..'},
  ]);
});

test('names that mean something in a URL', async (t) => {
  const names = ['100% sure', 'a#b', 'a?b', 'getty@tty1.service', 'mit Umlaut ä'];
  const folder = await folderWith(t, Object.fromEntries(names.map((name) => [name, name])));
  const entries = await readFolder(pathToFileURL(`${folder}/`));
  t.deepEqual(
    entries.map((entry) => ('content' in entry ? entry.content.toString() : undefined)),
    names,
  );
});

test('empty folders are passed over', async (t) => {
  const folder = await folderWith(t, {});
  await mkdir(join(folder, 'empty'));
  t.deepEqual(await readFolder(pathToFileURL(`${folder}/`)), []);
});
