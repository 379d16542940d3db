import {readFile, readlink, stat} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {gnuTar} from '../../src/image/gnu-tar.ts';
import {temporaryFolder} from '../host/temporary.ts';
import {entries, mtime} from './entries.ts';

test('tar unpacks it: content, modes, links and time', async (t) => {
  const folder = await temporaryFolder(t);
  await execa('tar', ['-x', '-C', folder, '-f', '-'], {input: gnuTar(entries, mtime)});
  const {stdout} = await execa('find', ['.', '-mindepth', '1', '-printf', '%P %m %y %s %Ts %l\n'], {
    cwd: folder,
  });
  const lines = stdout.split('\n').map((line) => line.trim());
  t.true(lines.some((line) => /^etc\/network\/interfaces\.d 755 d /.test(line)));
  t.true(lines.includes(`etc/motd 644 f 8 ${mtime}`));
  t.true(lines.includes(`usr/bin/hello 755 f 10 ${mtime}`));
  t.true(lines.includes(`etc/localtime 777 l 27 ${mtime} /usr/share/zoneinfo/Etc/UTC`));
  t.true(lines.includes(`etc/empty 644 f 0 ${mtime}`));
  t.is((await execa('cat', [join(folder, 'etc/a b')])).stdout, 'ü');
});

test('names and targets of any length and any characters arrive as they are', async (t) => {
  const files = [
    '/usr/local/share/ca-certificates/Főtanúsítvány.crt',
    `/${'a'.repeat(101)}`,
    `/${'ű'.repeat(120)}`,
    `/${'folder/'.repeat(60)}file`,
    `/${'b'.repeat(99)}/${'c'.repeat(100)}/${'d'.repeat(200)}`,
  ];
  const links = [
    {path: '/link', target: 'a'.repeat(101)},
    {path: '/größe', target: 'Főtanúsítvány.crt'},
    {path: `/${'l'.repeat(150)}`, target: `/${'t/'.repeat(400)}t`},
  ];
  const folder = `/${'leer-ä/'.repeat(40)}empty`;
  const folderOf = await temporaryFolder(t);
  const archive = gnuTar(
    [
      ...files.map((path) => ({path, content: path, mode: 0o600})),
      ...links,
      {path: folder, directory: true, mode: 0o700},
      {path: '/after', content: 'plain'},
    ],
    mtime,
  );
  await execa('tar', ['-x', '-C', folderOf, '-f', '-'], {input: archive});
  for (const path of files) {
    t.is(await readFile(join(folderOf, path), 'utf8'), path);
    t.is((await stat(join(folderOf, path))).mode & 0o777, 0o600);
  }
  for (const {path, target} of links) t.is(await readlink(join(folderOf, path)), target);
  t.is((await stat(join(folderOf, folder))).mode & 0o777, 0o700);
  t.is(await readFile(join(folderOf, 'after'), 'utf8'), 'plain');
});

test('the same entries are the same bytes', (t) => {
  const long = [{path: `/${'ű'.repeat(120)}`, content: ''}];
  t.deepEqual(gnuTar(long, mtime), gnuTar(long, mtime));
});

test('an archive of nothing is an archive', async (t) => {
  const {stdout} = await execa('tar', ['-t', '-f', '-'], {input: gnuTar([], mtime)});
  t.is(stdout, '');
});
