import {chmod, mkdir, readdir, readFile, rm, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {Failure} from '../../src/failure.ts';
import {type Manifest, readBuild, type TestReport} from '../../src/image/manifest.ts';
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
    /manifest\.json is not .*: template\.version: "\.\.\/13" cannot be a part of a path/,
  ],
  [
    'has a tag that leads elsewhere',
    (manifest) => ({...manifest, tags: ['/etc']}),
    /tags\.0: "\/etc" cannot be a part of a path/,
  ],
  [
    'has a vendor the root needs',
    (manifest) => ({
      ...manifest,
      template: {...manifest.template, vendor: 'builds'},
      id: manifest.id.replace('vpsadminos', 'builds'),
    }),
    /a vendor cannot be called builds/,
  ],
  [
    'has the id of another template',
    (manifest) => ({...manifest, id: 'debian-12'}),
    /id: is not the id of its template/,
  ],
];

const odd: readonly (readonly [string, (path: string) => Promise<unknown>, RegExp])[] = [
  ['says only its schema', (path) => writeFile(path, '{"schema":1}'), /: id: .*; template: /],
  ['is of another schema', (path) => writeFile(path, '{"schema":2}'), /: schema: /],
  ['is not JSON', (path) => writeFile(path, '{"schema":'), /is not a build's manifest: .*JSON/],
  ['is nothing', (path) => writeFile(path, 'null'), /is not a build's manifest: /],
  ['has no files', (path) => change(path, ({files: _, ...manifest}) => manifest), /: files: /],
  ['has a number for tags', (path) => change(path, (manifest) => ({...manifest, tags: 7})), /: tags: /],
  [
    'lists a file elsewhere',
    (path) =>
      change(path, (manifest) => ({...manifest, files: {'../x': {bytes: 1, sha256: '0'.repeat(64)}}})),
    /: files\.\.\.\/x: /,
  ],
  [
    'has a serial that is a path',
    (path) => change(path, (manifest) => ({...manifest, serial: '../../x'})),
    /: serial: "\.\.\/\.\.\/x" is not a serial/,
  ],
  ['is a folder', (path) => rm(path).then(() => mkdir(path)), /manifest\.json .*: it is not a file/],
  [
    'is a FIFO',
    (path) => rm(path).then(() => execa('mkfifo', [path])),
    /manifest\.json .*: it is not a file/,
  ],
  ['is missing', (path) => rm(path), /manifest\.json .*: ENOENT/],
];

async function change(path: string, edit: (manifest: Manifest) => object): Promise<void> {
  await chmod(path, 0o644);
  await writeFile(path, JSON.stringify(edit(JSON.parse(await readFile(path, 'utf8')))));
}

for (const [what, spoil, message] of odd) {
  test(`a published manifest that ${what} is reported and left out, and others are published`, async (t) => {
    const folder = await temporaryFolder(t);
    const repository = join(folder, 'repository');
    const [alpine, debian] = await Promise.all([
      writeBuild(folder, {distribution: 'alpine', serial: newer}),
      writeBuild(folder, {serial: newer}),
    ]);
    const {folder: published} = await publish(alpine, repository);
    const path = join(published, 'manifest.json');
    await chmod(path, 0o644);
    await spoil(path);
    const {added, damaged} = await publish(debian, repository);
    t.true(added);
    t.is(damaged.length, 1);
    t.true(damaged[0]?.message.startsWith(path), damaged[0]?.message);
    t.regex(damaged[0]?.message ?? '', message);
    const index: {images: {distribution: string}[]} = JSON.parse(
      await readFile(join(repository, 'v1/INDEX.json'), 'utf8'),
    );
    t.deepEqual(
      index.images.map(({distribution}) => distribution),
      ['debian'],
    );
  });
}

for (const [what, change, message] of refused) {
  test(`a build that ${what} is refused`, async (t) => {
    const folder = await temporaryFolder(t);
    const build = await writeBuild(folder, {serial: newer});
    const path = join(build.folder, 'manifest.json');
    await writeFile(path, JSON.stringify(change(build.manifest)));
    const published = readBuild(build.folder).then((read) => publish(read, join(folder, 'repository')));
    const failure = await t.throwsAsync(published, {instanceOf: Failure, message});
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
