import {createWriteStream} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import test, {type ExecutionContext} from 'ava';
import {openImage} from '../../src/boot/image.ts';
import {Failure} from '../../src/failure.ts';
import {digestOf} from '../../src/host/hashing.ts';
import {writeImageArchive} from '../../src/image/image-archive.ts';
import {type Build, buildFiles} from '../../src/image/manifest.ts';
import {temporaryFolder} from '../host/temporary.ts';

const template = {
  distribution: 'debian',
  version: '13',
  arch: 'x86_64',
  vendor: 'vpsadminos',
  variant: 'minimal',
};

/** A build with an image archive around some bytes, and what its manifest says. */
async function build(t: ExecutionContext, init?: readonly string[]): Promise<Build> {
  const folder = await temporaryFolder(t);
  const rootfs = join(folder, buildFiles.rootfs);
  await writeFile(rootfs, 'compressed tree');
  const archive = join(folder, buildFiles.imageArchive);
  await writeImageArchive({template, rootfs, exportedAt: 1_790_000_000, init}, createWriteStream(archive));
  return {
    folder,
    manifest: {
      schema: 1,
      id: 'debian-13-x86_64-vpsadminos-minimal',
      template,
      release: '13',
      tags: [],
      serial: '20261123T153000Z',
      started: '2026-11-23T15:30:00Z',
      finished: '2026-11-23T15:31:00Z',
      seconds: {},
      treeBytes: 0,
      files: {[buildFiles.imageArchive]: await digestOf(archive)},
      packages: [],
      sources: [],
      recipe: {hash: '', builder: ''},
      vpsadmin: {
        label: 'Debian 13',
        info: '',
        enabled: true,
        supported: true,
        order: 1,
        family: 'linux',
        cgroup_version: 'v2',
        enable_script: true,
        enable_cloud_init: false,
        manage_hostname: true,
        manage_dns_resolver: true,
        config: {datasets: [], mounts: [], features: []},
      },
    },
  };
}

test('the tree and the init come from the packed archive', async (t) => {
  const image = await openImage(await build(t, ['/sbin/init', 'systemd.unified_cgroup_hierarchy=0']));
  t.is(image.distribution, 'debian');
  t.is(image.version, '13');
  t.deepEqual(image.init, ['/sbin/init', 'systemd.unified_cgroup_hierarchy=0']);
  t.is(await text(image.rootfs()), 'compressed tree');
});

test('the init is /sbin/init unless the archive says otherwise', async (t) => {
  const image = await openImage(await build(t));
  t.deepEqual(image.init, ['/sbin/init']);
});

test('an archive that is not the one in the manifest is refused', async (t) => {
  const damaged = await build(t);
  const archive = join(damaged.folder, buildFiles.imageArchive);
  const content = await readFile(archive);
  content[content.length - 2000] = 1;
  await writeFile(archive, content);
  const failure = await t.throwsAsync(openImage(damaged), {instanceOf: Failure, message: /the sha256 of/});
  t.is(failure?.remedy, 'Build the template again.');
});

test('an archive that is cut short or lacks a member is refused', async (t) => {
  const cut = await build(t);
  const archive = join(cut.folder, buildFiles.imageArchive);
  const content = await readFile(archive);
  for (const [bytes, message] of [
    [1600, /is damaged at byte/],
    [512 * 3, /has no config\/container\.yml/],
  ] as const) {
    await writeFile(archive, content.subarray(0, bytes));
    const files = {[buildFiles.imageArchive]: await digestOf(archive)};
    await t.throwsAsync(openImage({...cut, manifest: {...cut.manifest, files}}), {message});
  }
});
