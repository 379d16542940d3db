import {createReadStream} from 'node:fs';
import {mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import test, {type ExecutionContext} from 'ava';
import {Failure} from '../../src/failure.ts';
import {command} from '../../src/host/command.ts';
import {tarCommand} from '../../src/image/rootfs-tarball.ts';
import {readTar, type TarEntry} from '../../src/image/tar-entries.ts';
import {temporaryFolder} from '../host/temporary.ts';

interface Member {
  readonly entry: TarEntry;
  readonly content: Buffer;
}

async function members(input: AsyncIterable<Uint8Array>): Promise<Map<string, Member>> {
  const found = new Map<string, Member>();
  await readTar(input, (entry) => {
    found.set(entry.path, {entry, content: Buffer.alloc(0)});
    return (piece) => {
      const content = Buffer.concat([found.get(entry.path)?.content ?? Buffer.alloc(0), piece]);
      found.set(entry.path, {entry, content});
    };
  });
  return found;
}

/** A tree that GNU tar packs as a build's is packed. */
async function packed(t: ExecutionContext, fill: (tree: string) => Promise<void>): Promise<string> {
  const folder = await temporaryFolder(t);
  const tree = join(folder, 'tree');
  await mkdir(tree);
  await fill(tree);
  const file = join(folder, 'tree.tar');
  await command(tarCommand(tree, file, 1_790_000_000));
  return file;
}

test('names, links, contents and attributes are as GNU tar packed them', async (t) => {
  const long = `${'long-'.repeat(30)}name`;
  const names = ['plain', 'new\nline', ' space ', 'Főtanúsítvány.crt', long, '# file: x', 'carriage\rreturn'];
  const file = await packed(t, async (tree) => {
    for (const name of names) await writeFile(join(tree, name), `content of ${name}`);
    await symlink(`/${'far/'.repeat(40)}away`, join(tree, 'link'));
    await command(['chmod', '4711', join(tree, 'plain')]);
    await command(['chown', '524287:65534', join(tree, ' space ')]);
    await command(['mkfifo', join(tree, 'pipe')]);
    await command(['mknod', join(tree, 'null'), 'c', '1', '3']);
    await command(['ln', join(tree, 'plain'), join(tree, 'second')]);
  });
  for (const highWaterMark of [1, 511, 65_536]) {
    const found = await members(createReadStream(file, {highWaterMark}));
    for (const name of names)
      t.is(found.get(`./${name}`)?.content.toString(), `content of ${name}`, `${name} ${highWaterMark}`);
    t.like(found.get('./link')?.entry, {type: 'link', target: `/${'far/'.repeat(40)}away`});
    t.like(found.get('./plain')?.entry, {type: 'file', mode: 0o4711});
    t.like(found.get('./ space ')?.entry, {uid: 524_287, gid: 65_534});
    t.is(found.get('./pipe')?.entry.type, 'fifo');
    t.is(found.get('./null')?.entry.type, 'character');
    t.like(found.get('./second')?.entry, {type: 'hard link', target: './plain'});
    t.is(found.get('./')?.entry.type, 'folder');
  }
});

test('an attribute’s value may be any text, newlines and equal signs included', async (t) => {
  const file = await packed(t, (tree) => writeFile(join(tree, 'plain'), 'x'));
  const value = '12 a=b\n9 c=d\n';
  const records = `--pax-option=SCHILY.xattr.user.any:=${value}`;
  await command([
    'tar',
    '--create',
    '--format=posix',
    records,
    `--file=${file}`,
    '--directory=/',
    'etc/hostname',
  ]);
  const [member] = (await members(createReadStream(file))).values();
  t.is(member?.entry.attributes.get('user.any')?.toString(), value);
});

test('an archive that is cut or changed anywhere is refused, not read as a shorter one', async (t) => {
  const file = await packed(t, async (tree) => {
    for (let number = 0; number < 5; number += 1)
      await writeFile(join(tree, `file-${number}`), 'x'.repeat(700));
  });
  const whole = Buffer.concat(await Readable.from(createReadStream(file)).toArray());
  const count = (await members(Readable.from([whole]))).size;
  for (let end = 100; end < 7000; end += 333) {
    const cut = members(Readable.from([whole.subarray(0, end)]));
    const outcome = await cut.then(
      (found) => found.size,
      (error: unknown) => (error instanceof Failure ? 'refused' : String(error)),
    );
    // a cut between two members is tar's own end of an archive
    t.true(outcome === 'refused' || (end % 512 === 0 && Number(outcome) < count), `${end}: ${outcome}`);
  }
  const changed = Buffer.from(whole);
  changed[2] = 0x41;
  await t.throwsAsync(members(Readable.from([changed])), {message: /does not match its checksum/});
});
