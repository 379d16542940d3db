import test from 'ava';
import {execa} from 'execa';
import {Failure} from '../../src/failure.ts';
import {ustarEnd, ustarEntries} from '../../src/image/ustar.ts';
import type {FileEntry} from '../../src/recipe/rootfs.ts';
import {entries, mtime} from './entries.ts';
import {strictMembers} from './strict-reader.ts';

function ustar(list: readonly FileEntry[]): Buffer {
  return Buffer.concat([...ustarEntries(list, mtime), ustarEnd]);
}

test('a reader that knows nothing but plain ustar reads every member, in order', (t) => {
  const members = strictMembers(ustar(entries));
  t.deepEqual(
    members.map(({name, type}) => `${type} ${name}`),
    [
      '5 etc/network/interfaces.d/',
      '0 etc/motd',
      '0 usr/bin/hello',
      '2 etc/localtime',
      '0 etc/empty',
      '0 etc/a b',
    ],
  );
  t.true(members.every((member) => member.uid === 0 && member.gid === 0 && member.mtime === mtime));
});

test('a path over 100 characters is split between the two fields for it', async (t) => {
  const path = `${'a'.repeat(60)}/${'b'.repeat(60)}/file`;
  const archive = ustar([{path: `/${path}`, content: 'x'}]);
  t.deepEqual(
    strictMembers(archive).map(({name}) => name),
    [path],
  );
  t.is((await execa('tar', ['-t', '-f', '-'], {input: archive})).stdout, path);
});

test('what plain ustar cannot say is refused, with the path', (t) => {
  const refused: FileEntry[] = [
    {path: `/${'a'.repeat(101)}`, content: ''},
    {path: `/${'a/'.repeat(130)}b`, content: ''},
    {path: '/link', target: 'a'.repeat(101)},
    {path: '/etc/größe', content: ''},
  ];
  for (const entry of refused) {
    t.throws(() => ustar([entry]), {
      instanceOf: Failure,
      message: /does not fit a plain ustar header$/,
    });
  }
});
