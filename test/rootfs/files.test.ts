import {once} from 'node:events';
import {chmod, mkdir, symlink, writeFile} from 'node:fs/promises';
import {createServer} from 'node:net';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {Failure} from '../../src/failure.ts';
import {readFolder} from '../../src/rootfs/files.ts';
import {folderWith} from '../folders.ts';

test('files come with their content and their modes, but only the owner may write', async (t) => {
  const modes = {'etc/motd': 0o664, 'etc/secret': 0o600, 'etc/sudoers.d/x': 0o440, 'usr/bin/hello': 0o4775};
  const folder = await openFolder(t, Object.fromEntries(Object.keys(modes).map((name) => [name, name])));
  for (const [name, mode] of Object.entries(modes)) await chmod(join(folder, name), mode);
  const entries = await readFolder(pathToFileURL(`${folder}/`));
  t.deepEqual(
    entries.map((entry) => ('content' in entry ? [entry.path, entry.mode, `${entry.content}`] : entry)),
    [
      ['/etc/motd', 0o644, 'etc/motd'],
      ['/etc/secret', 0o600, 'etc/secret'],
      ['/etc/sudoers.d/x', 0o440, 'etc/sudoers.d/x'],
      ['/usr/bin/hello', 0o4755, 'usr/bin/hello'],
    ],
  );
});

test('a checkout of a narrow umask gives what one of the usual umask gives', async (t) => {
  const trees = await Promise.all(
    [0o022, 0o002, 0o027, 0o077].map(async (umask) => {
      const folder = await folderWith(t, {'files/etc/motd': 'Welcome\n', 'files/usr/bin/hello': ''});
      const folders = ['', 'files', 'files/etc', 'files/usr', 'files/usr/bin', 'files/usr/bin/hello'];
      for (const name of folders) await chmod(join(folder, name), 0o777 & ~umask);
      await chmod(join(folder, 'files/etc/motd'), 0o666 & ~umask);
      const recipe = pathToFileURL(`${folder}/`);
      return readFolder(new URL('files/', recipe), recipe);
    }),
  );
  for (const tree of trees) t.deepEqual(tree, trees[0]);
  t.deepEqual(
    trees[0]?.map((entry) => 'mode' in entry && entry.mode),
    [0o644, 0o755],
  );
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

test('folders come where they are empty, or where not everybody may enter them', async (t) => {
  const folder = await openFolder(t, {'etc/motd': '', 'root/.ssh/authorized_keys': ''});
  await mkdir(join(folder, 'srv/empty'), {recursive: true});
  await chmod(join(folder, 'root/.ssh'), 0o700);
  await chmod(join(folder, 'root'), 0o2775);
  t.deepEqual(
    (await readFolder(pathToFileURL(`${folder}/`))).filter((entry) => 'directory' in entry),
    [
      {path: '/root/.ssh', directory: true, mode: 0o700},
      {path: '/srv/empty', directory: true, mode: 0o755},
    ],
  );
});

test('what cannot be kept is refused, everything of it with its path', async (t) => {
  const folder = await openFolder(t, {'etc/motd': ''});
  await execa('mkfifo', [join(folder, 'etc/pipe')]);
  const server = createServer().listen(join(folder, 'socket'));
  await once(server, 'listening');
  t.teardown(() => server.close());
  await writeFile(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xf6])]), '');
  const failure = await t.throwsAsync(readFolder(pathToFileURL(`${folder}/`)), {instanceOf: Failure});
  t.is(
    failure?.message,
    [
      `${folder}/etc/pipe: is a FIFO, which cannot be installed`,
      `${folder}/f\uFFFD: its name is not UTF-8`,
      `${folder}/socket: is a socket, which cannot be installed`,
    ].join('\n'),
  );
  t.is(failure?.kind, 'usage');
  t.truthy(failure?.remedy);
});

/** A folder as the usual umask makes it. */
async function openFolder(t: ExecutionContext, contents: Readonly<Record<string, string>>): Promise<string> {
  const folder = await folderWith(t, contents);
  await chmod(folder, 0o755);
  return folder;
}
