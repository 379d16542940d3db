import {mkdir, readdir, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {Failure} from '../../src/failure.ts';
import type {Manifest, TestReport} from '../../src/image/manifest.ts';
import {publish} from '../../src/repository/publish.ts';
import {temporaryFolder, writeBuild} from './builds.ts';
import {flaws} from './inspection.ts';

const newer = '20261123T153000Z';

test('another build with a published serial is refused', async (t) => {
  const folder = await temporaryFolder(t);
  const repository = join(folder, 'repository');
  await publish(await writeBuild(join(folder, 'a'), {serial: newer}), repository);
  const other = await writeBuild(join(folder, 'b'), {serial: newer, tags: ['latest']});
  const failure = await t.throwsAsync(publish(other, repository), {instanceOf: Failure});
  t.regex(failure.message, /another build of debian-13-.* was published as 20261123T153000Z/);
  t.deepEqual(await flaws(repository), []);
});

const report: TestReport = {passed: true, started: '', seconds: 1, image: '', scenarios: []};
const failed = {name: 'ssh', title: 'ssh', outcome: 'failed', seconds: 1} as const;
const refused: readonly (readonly [string, (manifest: Manifest) => Manifest, RegExp])[] = [
  ['was not tested', ({test: _, ...manifest}) => manifest, /has not been tested/],
  [
    'did not pass its test',
    (manifest) => ({...manifest, test: {...report, passed: false, scenarios: [failed]}}),
    /did not pass its test: ssh/,
  ],
  [
    'has the report of another image',
    (manifest) => ({...manifest, test: {...report, image: 'other'}}),
    /about another image-archive\.tar/,
  ],
  ['has no image', (manifest) => ({...manifest, files: {}}), /has no image-archive\.tar/],
  [
    'has a name that leads elsewhere',
    (manifest) => ({...manifest, template: {...manifest.template, version: '../13'}}),
    /the version "\.\.\/13" cannot be a path/,
  ],
  [
    'has a tag that leads elsewhere',
    (manifest) => ({...manifest, tags: ['/etc']}),
    /the tag "\/etc" cannot be/,
  ],
  [
    'has a vendor the root needs',
    (manifest) => ({...manifest, template: {...manifest.template, vendor: 'builds'}}),
    /a vendor cannot be called builds/,
  ],
  [
    'has the id of another template',
    (manifest) => ({...manifest, id: 'debian-12'}),
    /debian-12 is not the id/,
  ],
];

for (const [what, change, message] of refused) {
  test(`a build that ${what} is refused`, async (t) => {
    const folder = await temporaryFolder(t);
    const build = await writeBuild(folder, {serial: newer});
    const failure = await t.throwsAsync(
      publish({...build, manifest: change(build.manifest)}, join(folder, 'repository')),
      {instanceOf: Failure, message},
    );
    t.is(failure.kind, 'template');
    t.false((await readdir(folder)).includes('repository'));
  });
}

const changes: readonly (readonly [string, (path: string) => Promise<void>, RegExp])[] = [
  ['missing', (path) => rm(path), /rootfs\.tar\.gz .*: it is missing/],
  ['cut short', (path) => writeFile(path, 'root'), /rootfs\.tar\.gz .*: it has 4 bytes instead of \d+/],
  [
    'changed',
    async (path) => writeFile(path, (await readFile(path, 'utf8')).replace('rootfs', 'rootkt')),
    /rootfs\.tar\.gz .*: it has the sha256/,
  ],
  [
    'a link',
    async (path) => {
      await rm(path);
      await symlink('image-archive.tar', path);
    },
    /rootfs\.tar\.gz .*: it is missing/,
  ],
];

for (const [what, change, message] of changes) {
  test(`a build with a file that is ${what} is refused`, async (t) => {
    const folder = await temporaryFolder(t);
    const build = await writeBuild(folder, {serial: newer});
    await change(join(build.folder, 'rootfs.tar.gz'));
    await t.throwsAsync(publish(build, join(folder, 'repository')), {instanceOf: Failure, message});
  });
}

test('a folder with something else in it is left alone', async (t) => {
  const folder = await temporaryFolder(t);
  const build = await writeBuild(folder, {serial: newer});
  const photographs = join(folder, 'photographs');
  await mkdir(photographs);
  await writeFile(join(photographs, 'cat.jpeg'), '');
  const failure = await t.throwsAsync(publish(build, photographs), {instanceOf: Failure});
  t.is(failure.kind, 'usage');
  t.regex(failure.message, /not a template repository: it has cat\.jpeg in it/);
  t.deepEqual(await readdir(photographs), ['cat.jpeg']);
  await t.throwsAsync(publish(build, join(photographs, 'cat.jpeg')), {message: /it is not a folder/});
});

test('a repository with a layout of the future is left alone', async (t) => {
  const folder = await temporaryFolder(t);
  const build = await writeBuild(folder, {serial: newer});
  const repository = join(folder, 'repository');
  await publish(build, repository);
  await writeFile(join(repository, '.repository'), 'A repository of system container templates, layout 2.\n');
  await t.throwsAsync(publish(build, repository), {instanceOf: Failure, message: /does not know/});
});
