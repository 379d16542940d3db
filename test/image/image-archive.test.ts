import {createWriteStream} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {parse} from 'yaml';
import {type ImageArchiveOptions, writeImageArchive} from '../../src/image/image-archive.ts';
import {temporaryFolder} from '../host/temporary.ts';
import {strictMembers} from './strict-reader.ts';

const template = {
  distribution: 'debian',
  version: '13',
  arch: 'x86_64',
  vendor: 'vpsadminos',
  variant: 'minimal',
};
const exportedAt = 1_763_900_000;

async function archive(t: ExecutionContext, rootfs: Uint8Array, options: Partial<ImageArchiveOptions> = {}) {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'image-archive.tar');
  await writeFile(join(folder, 'rootfs.tar.gz'), rootfs);
  await writeImageArchive(
    {template, rootfs: join(folder, 'rootfs.tar.gz'), exportedAt, ...options},
    createWriteStream(path),
  );
  return {path, members: strictMembers(await readFile(path))};
}

test("members come in the order in which osctl's reader wants them", async (t) => {
  const {path, members} = await archive(t, Buffer.alloc(1000, 'x'));
  const names = ['metadata.yml', 'config/', 'config/container.yml', 'rootfs/', 'rootfs/base.tar.gz'];
  t.deepEqual(
    members.map(({name}) => name),
    names,
  );
  t.is((await execa('tar', ['-t', '-f', path])).stdout, names.join('\n'));
});

test('the packed tree is in it byte by byte, whatever its size', async (t) => {
  for (const size of [0, 511, 512, 513, 3_000_001]) {
    const rootfs = Buffer.alloc(size, 'abc');
    const {members} = await archive(t, rootfs);
    t.true(members.at(-1)?.content.equals(rootfs), `${size} bytes`);
  }
});

test('a version that looks like a number stays text', async (t) => {
  for (const version of ['13', '3.10', '1e3', '0x10']) {
    const {members} = await archive(t, Buffer.alloc(0), {template: {...template, version}});
    const yaml = members[2]?.content.toString() ?? '';
    t.deepEqual(parse(yaml, {version: '1.1'}), {distribution: 'debian', version, arch: 'x86_64'});
    t.regex(yaml, /^version: "/m);
  }
});

test('an init of its own is said, and metadata are what osctl imports', async (t) => {
  const init = ['/sbin/init', 'systemd.unified_cgroup_hierarchy=0'];
  const {members} = await archive(t, Buffer.alloc(0), {init});
  t.deepEqual(parse(members[2]?.content.toString() ?? '').init_cmd, init);
  t.deepEqual(parse(members[0]?.content.toString() ?? ''), {
    type: 'full',
    format: 'tar',
    user: null,
    group: null,
    container: null,
    datasets: [],
    exported_at: exportedAt,
  });
});

test('the same tree gives the same bytes', async (t) => {
  const [first, second] = await Promise.all([archive(t, Buffer.from('x')), archive(t, Buffer.from('x'))]);
  t.deepEqual(await readFile(first.path), await readFile(second.path));
});

test('script hooks come last, executable as they are', async (t) => {
  const hooks = [
    {path: '/post-start', content: '#!/bin/sh\n', mode: 0o755},
    {path: '/veth-up.d/first', content: 'exit 1\n', mode: 0o644},
  ];
  const {path, members} = await archive(t, Buffer.from('x'), {hooks});
  t.deepEqual(
    members.slice(-3).map(({name, content}) => [name, content.toString()]),
    [
      ['hooks/', ''],
      ['hooks/post-start', '#!/bin/sh\n'],
      ['hooks/veth-up.d/first', 'exit 1\n'],
    ],
  );
  const {stdout} = await execa('tar', ['-tv', '-f', path]);
  t.regex(stdout, /^-rwxr-xr-x .* hooks\/post-start$/m);
  t.regex(stdout, /^-rw-r--r-- .* hooks\/veth-up\.d\/first$/m);
});
