import {chmod, mkdir, open, readdir, readFile, readlink, rm, stat} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {lock} from '../../src/host/lock.ts';
import {runAll} from '../../src/pipeline/queue.ts';
import {modifiedAfter} from '../../src/repository/place.ts';
import {type PublishOptions, publish} from '../../src/repository/publish.ts';
import {serve} from '../../src/repository/serve.ts';
import {hashOf, temporaryFolder, writeBuild} from './builds.ts';
import {flaws} from './inspection.ts';
import {Reader} from './reader.ts';

const older = '20261120T030000Z';
const newer = '20261123T153000Z';

test('what is published can be read by nodes, and read again without a download', async (t) => {
  const folder = await temporaryFolder(t);
  const repository = join(folder, 'repository');
  const debian = await writeBuild(folder, {serial: newer, tags: ['stable', 'latest']});
  const alpine = await writeBuild(folder, {distribution: 'alpine', version: '3.22', serial: newer});
  const publication = await publish(debian, repository);
  t.true(publication.added);
  await publish(alpine, repository);

  await using server = await serve(repository, {port: 0});
  const reader = new Reader(server.url, join(folder, 'cache'));
  const image = hashOf(debian, 'image-archive.tar');
  t.deepEqual(await reader.image('debian', '13'), {status: 200, sha256: image});
  t.deepEqual(await reader.image('debian', 'stable'), {status: 304, sha256: image});
  t.is((await reader.index()).status, 304);
  t.is((await reader.image('alpine', '3.22')).sha256, hashOf(alpine, 'image-archive.tar'));
  t.is(
    (await reader.fetch('default/default/x86_64/debian/latest/rootfs.tar.gz')).sha256,
    hashOf(debian, 'rootfs.tar.gz'),
  );
  t.is(
    (await reader.fetch(`builds/debian-13-x86_64-vpsadminos-minimal/${newer}/build.log`)).sha256,
    hashOf(debian, 'build.log'),
  );
});

test('a newer build is downloaded although both were published within one second', async (t) => {
  const folder = await temporaryFolder(t);
  const repository = join(folder, 'repository');
  const serials = [older, '20261121T030000Z', '20261122T030000Z', newer];
  const builds = await Promise.all(
    serials.map((serial) => writeBuild(folder, {serial, tags: [`t${serial}`]})),
  );
  await publish(await writeBuild(folder, {version: '12', serial: older}), repository);
  await using server = await serve(repository, {port: 0});
  const reader = new Reader(server.url, join(folder, 'cache'));
  for (const build of builds) {
    await publish(build, repository);
    t.deepEqual(await reader.image('debian', '13'), {
      status: 200,
      sha256: hashOf(build, 'image-archive.tar'),
    });
  }
});

test('times move on by whole seconds, also when the clock does not', (t) => {
  const now = new Date('2026-11-23T15:30:00.900Z');
  t.is(modifiedAfter(undefined, now).toISOString(), '2026-11-23T15:30:00.000Z');
  t.is(modifiedAfter(new Date('2026-11-23T15:30:00.500Z'), now).toISOString(), '2026-11-23T15:30:01.000Z');
  t.is(modifiedAfter(new Date('2026-12-01T00:00:00.000Z'), now).toISOString(), '2026-12-01T00:00:01.000Z');
  t.is(modifiedAfter(new Date('2026-01-01T00:00:00.000Z'), now).toISOString(), '2026-11-23T15:30:00.000Z');
});

test('an older build published later takes nothing from the newer one', async (t) => {
  const folder = await temporaryFolder(t);
  const repository = join(folder, 'repository');
  const current = await writeBuild(folder, {serial: newer});
  await publish(current, repository);
  await publish(await writeBuild(folder, {serial: older}), repository);
  await using server = await serve(repository, {port: 0});
  t.is(
    (await new Reader(server.url, join(folder, 'cache')).image('debian', '13')).sha256,
    hashOf(current, 'image-archive.tar'),
  );
  t.deepEqual((await readdir(join(repository, 'builds', current.manifest.id))).sort(), [older, newer]);
});

test('builds take no space twice, and anyone may read them', async (t) => {
  const folder = await temporaryFolder(t);
  const repository = join(folder, 'repository');
  const build = await writeBuild(folder, {serial: newer});
  await chmod(join(build.folder, 'image-archive.tar'), 0o600);
  const {folder: published} = await publish(build, repository);
  const inTree = 'v1/vpsadminos/minimal/x86_64/debian/13/image-archive.tar';
  const [image, placed] = await Promise.all(
    [join(published, 'image-archive.tar'), join(repository, inTree)].map((path) => stat(path)),
  );
  t.is(image?.ino, placed?.ino);
  t.is((placed?.mode ?? 0) & 0o777, 0o444);
});

test('what is published is nobody else’s: a byte that changes in the output changes nothing in it', async (t) => {
  const folder = await temporaryFolder(t);
  const repository = join(folder, 'repository');
  const build = await writeBuild(folder, {serial: newer});
  const {folder: published} = await publish(build, repository);
  for (const name of Object.keys(build.manifest.files)) {
    const file = await open(join(build.folder, name), 'r+');
    await file.write('X', 0);
    await file.close();
  }
  t.deepEqual(await flaws(repository), []);
  for (const name of await readdir(published)) {
    t.is((await stat(join(published, name))).mode & 0o777, 0o444, name);
  }
});

test('tag links follow the tags, and go with them', async (t) => {
  const folder = await temporaryFolder(t);
  const repository = join(folder, 'repository');
  const links = async () => {
    const versions = join(repository, 'v1/default/default/x86_64/debian');
    const entries = await readdir(versions, {withFileTypes: true});
    const linked = entries.filter((entry) => entry.isSymbolicLink()).map(({name}) => name);
    return Object.fromEntries(
      await Promise.all(linked.map(async (name) => [name, await readlink(join(versions, name))])),
    );
  };
  await publish(
    await writeBuild(folder, {version: '12', serial: older, tags: ['stable', 'lts']}),
    repository,
  );
  t.deepEqual(await links(), {stable: '12', lts: '12'});
  await publish(await writeBuild(folder, {serial: newer, tags: ['stable']}), repository);
  t.deepEqual(await links(), {stable: '13', lts: '12'});
  await publish(await writeBuild(folder, {version: '12', serial: newer}), repository);
  t.deepEqual(await links(), {stable: '13'});
  await publish(await writeBuild(folder, {version: 'stable', serial: newer}), repository);
  t.deepEqual(await links(), {});
  t.deepEqual(await flaws(repository), []);
});

test('the default links lead where the index says', async (t) => {
  const folder = await temporaryFolder(t);
  const repository = join(folder, 'repository');
  const defaults = {vendor: 'acme', variant: 'tiny'};
  await publish(await writeBuild(folder, {serial: newer}), repository);
  await publish(await writeBuild(folder, {serial: newer, vendor: 'acme', variant: 'tiny'}), repository, {
    defaults,
  });
  for (const root of [repository, join(repository, 'v1')]) {
    t.is(await readlink(join(root, 'default')), 'acme');
    t.is(await readlink(join(root, 'acme/default')), 'tiny');
    t.is(await readlink(join(root, 'vpsadminos/default')), 'minimal');
    t.like(JSON.parse(await readFile(join(root, 'INDEX.json'), 'utf8')), {
      vendors: {default: 'acme', acme: 'tiny', vpsadminos: 'minimal'},
    });
  }
});

test('publishing a build again changes nothing, and puts right what went missing', async (t) => {
  const folder = await temporaryFolder(t);
  const repository = join(folder, 'repository');
  const build = await writeBuild(folder, {serial: newer, tags: ['stable']});
  await publish(build, repository);
  const image = join(repository, 'v1/vpsadminos/minimal/x86_64/debian/13/image-archive.tar');
  const times = () =>
    Promise.all([image, join(repository, 'v1/INDEX.json')].map(async (path) => (await stat(path)).mtimeMs));
  const before = await times();
  t.false((await publish(build, repository)).added);
  t.deepEqual(await times(), before);

  await rm(join(repository, 'v1'), {recursive: true});
  await rm(join(repository, 'INDEX.json'));
  await publish(build, repository);
  t.deepEqual(await flaws(repository), []);
  t.is(await readlink(join(repository, 'v1/vpsadminos/minimal/x86_64/debian/stable')), '13');
});

test('a damaged build is told of, left out, and put right by publishing it again', async (t) => {
  const folder = await temporaryFolder(t);
  const repository = join(folder, 'repository');
  const [first, second] = [
    await writeBuild(folder, {serial: older}),
    await writeBuild(folder, {serial: newer}),
  ];
  await publish(first, repository);
  const {folder: published} = await publish(second, repository);
  await rm(join(published, 'image-archive.tar'));
  const {damaged} = await publish(first, repository);
  t.regex(damaged[0]?.message ?? '', /image-archive\.tar is missing or not complete/);
  await using server = await serve(repository, {port: 0});
  t.is(
    (await new Reader(server.url, join(folder, 'cache')).image('debian', '13')).sha256,
    hashOf(first, 'image-archive.tar'),
  );
  const publication = await publish(second, repository);
  t.deepEqual(publication, {folder: published, added: true, damaged: []});
  t.deepEqual(await flaws(repository), []);
});

test('a run that is interrupted before its last publish is interrupted, and after it is done', async (t) => {
  const folder = await temporaryFolder(t);
  const repository = join(folder, 'repository');
  const build = await writeBuild(folder, {serial: newer});
  const run = async (options: PublishOptions, interruption: AbortController) => {
    const {signal} = interruption;
    const template = {...build.manifest.template, release: '13', tags: []};
    const work = async () => {
      await publish(build, repository, {...options, signal});
      interruption.abort();
    };
    const [result] = await runAll([template], {jobs: 1, signal}, work, () => {});
    return result?.outcome;
  };
  const interruption = new AbortController();
  const held = await lock(join(repository, '.lock'));
  t.is(await run({onWait: () => interruption.abort()}, interruption), 'interrupted');
  await held[Symbol.asyncDispose]();
  t.is(await run({}, new AbortController()), 'done');
});

test('an empty folder and an empty file system become repositories', async (t) => {
  const folder = await temporaryFolder(t);
  const build = await writeBuild(folder, {serial: newer});
  const repository = join(folder, 'repository');
  await mkdir(join(repository, 'lost+found'), {recursive: true});
  await publish(build, repository);
  t.deepEqual(await flaws(repository), []);
});
