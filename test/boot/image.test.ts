import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import test from 'ava';
import {openImage} from '../../src/boot/image.ts';
import {Failure} from '../../src/failure.ts';
import {digestOf} from '../../src/host/hashing.ts';
import {buildFiles} from '../../src/image/manifest.ts';
import {packedBuild} from './packed-build.ts';

test('the tree and the init come from the packed archive', async (t) => {
  const image = await openImage(await packedBuild(t, ['/sbin/init', 'systemd.unified_cgroup_hierarchy=0']));
  t.is(image.distribution, 'debian');
  t.is(image.version, '13');
  t.deepEqual(image.init, ['/sbin/init', 'systemd.unified_cgroup_hierarchy=0']);
  t.is(await text(image.rootfs()), 'compressed tree');
});

test('the init is /sbin/init unless the archive says otherwise', async (t) => {
  const image = await openImage(await packedBuild(t));
  t.deepEqual(image.init, ['/sbin/init']);
});

test('an archive that is not the one in the manifest is refused', async (t) => {
  const damaged = await packedBuild(t);
  const archive = join(damaged.folder, buildFiles.imageArchive);
  const content = await readFile(archive);
  content[content.length - 2000] = 1;
  await writeFile(archive, content);
  const failure = await t.throwsAsync(openImage(damaged), {instanceOf: Failure, message: /the sha256 of/});
  t.is(failure?.remedy, 'Build the template again.');
});

test('an archive that is cut short or lacks a member is refused', async (t) => {
  const cut = await packedBuild(t);
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
