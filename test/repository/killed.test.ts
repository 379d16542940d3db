import {cp, mkdir, readdir, readFile, readlink} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import PQueue from 'p-queue';
import {sha256Of} from '../../src/host/hashing.ts';
import type {Build} from '../../src/image/manifest.ts';
import {publish} from '../../src/repository/publish.ts';
import {hashOf, temporaryFolder, writeBuild} from './builds.ts';
import {contentsOf, flaws, leftovers, namedFiles} from './inspection.ts';

const publisher = join(import.meta.dirname, 'publisher.ts');
const older = '20261120T030000Z';
const newer = '20261123T153000Z';

test('a publisher of a new version killed at any moment leaves a whole repository', async (t) => {
  const folder = await temporaryFolder(t);
  const published = join(folder, 'published');
  await publish(await writeBuild(folder, {version: '12', serial: older, tags: ['stable']}), published);
  const moments = await publishKilled(t, folder, published);
  t.true(moments > 40, `${moments} moments`);
});

test('so does a publisher of a newer build, where there are no hard links', async (t) => {
  const folder = await temporaryFolder(t);
  const published = join(folder, 'published');
  await publish(await writeBuild(folder, {version: '12', serial: older, tags: ['stable']}), published);
  await publish(await writeBuild(folder, {serial: older, tags: ['testing', 'next']}), published);
  const moments = await publishKilled(t, folder, published, 'without-links');
  t.true(moments > 40, `${moments} moments`);
});

test('the first publisher killed at any moment leaves a folder that becomes a repository', async (t) => {
  const folder = await temporaryFolder(t);
  const empty = join(folder, 'empty');
  await mkdir(empty);
  const moments = await publishKilled(t, folder, empty);
  t.true(moments > 40, `${moments} moments`);
});

test('publishers at once wait for each other, and all get their template in', async (t) => {
  const folder = await temporaryFolder(t);
  const repository = join(folder, 'repository');
  const distributions = ['alpine', 'arch', 'debian', 'fedora'];
  const builds = await Promise.all(
    distributions.map((distribution) => writeBuild(folder, {distribution, serial: newer, tags: ['stable']})),
  );
  await Promise.all(builds.map((build) => execa(process.execPath, [publisher, build.folder, repository])));
  t.deepEqual(await flaws(repository), []);
  const named = await namedFiles(repository);
  for (const distribution of distributions) {
    t.is(named.filter((path) => path.includes(`/${distribution}/`)).length, 2);
  }
  t.deepEqual(await leftovers(repository), []);
});

/**
 * Publishes a newer Debian 13 into a repository, looks at what a process killed at each moment would leave, and
 * publishes into that for good. At some moments one is really killed: what it leaves is what the record says. Gives
 * how many moments there are.
 */
async function publishKilled(
  t: ExecutionContext,
  folder: string,
  published: string,
  ...conditions: readonly string[]
): Promise<number> {
  const build = await writeBuild(folder, {serial: newer, tags: ['stable', 'testing']});
  const before = await namedFiles(published);
  const recorded = join(folder, 'recorded');
  await mkdir(recorded);
  await execa(process.execPath, [
    ...[publisher, build.folder, await copyOf(published, 'undisturbed')],
    ...['recorded-in', recorded, ...conditions],
  ]);
  const moments = (await readdir(recorded)).map(Number).toSorted((a, b) => a - b);
  for (const part of [0.2, 0.6, 1]) {
    const moment = Math.ceil(part * moments.length);
    const repository = await copyOf(published, `killed-at-${moment}`);
    const argv = [publisher, build.folder, repository, 'killed-at', String(moment), ...conditions];
    const {signal} = await execa(process.execPath, argv, {reject: false});
    t.is(signal, 'SIGKILL');
    t.deepEqual(await contentsOf(repository), await contentsOf(join(recorded, String(moment))));
    await publish(build, repository);
    await assertPublished(t, repository, build);
  }
  const states = await distinctStates(moments.map((moment) => join(recorded, String(moment))));
  t.log(`${moments.length} moments, ${states.length} states`);
  const queue = new PQueue({concurrency: 4});
  const heal = async (repository: string) => {
    await assertNothingLost(t, repository, before);
    await publish(build, repository);
    await assertPublished(t, repository, build);
  };
  await queue.addAll(states.map((repository) => () => heal(repository)));
  return moments.length;
}

/**
 * Repositories that differ in what readers see. Of those that differ in unfinished names only, the last, in which they
 * have the most in them: the next publisher removes them whatever they are.
 */
async function distinctStates(repositories: readonly string[]): Promise<string[]> {
  const states = new Map<string, string>();
  for (const repository of repositories) {
    const contents = Object.entries(await contentsOf(repository));
    const visible = contents.filter(([path]) => !path.includes('.tmp'));
    const unfinished = contents.length > visible.length;
    states.set(JSON.stringify([unfinished, visible.toSorted()]), repository);
  }
  return [...states.values()];
}

async function copyOf(repository: string, name: string): Promise<string> {
  const copy = `${repository}-${name}`;
  await cp(repository, copy, {recursive: true, verbatimSymlinks: true});
  return copy;
}

async function assertNothingLost(t: ExecutionContext, repository: string, before: readonly string[]) {
  t.deepEqual(await flaws(repository), []);
  const named = await namedFiles(repository);
  t.deepEqual(
    before.filter((path) => !named.includes(path)),
    [],
  );
}

/** Asserts that the build has its place and its tags, that the tags it does not have are gone, and nothing is left. */
async function assertPublished(t: ExecutionContext, repository: string, build: Build) {
  t.deepEqual(await flaws(repository), []);
  t.deepEqual(await leftovers(repository), []);
  const image = join(repository, 'v1/default/default/x86_64/debian/stable/image-archive.tar');
  t.is(await sha256Of(image), hashOf(build, 'image-archive.tar'));
  for (const root of [repository, join(repository, 'v1')]) {
    const index: Record<string, {version?: string; tags?: readonly string[]}[]> = JSON.parse(
      await readFile(join(root, 'INDEX.json'), 'utf8'),
    );
    const entries = index.images ?? index.templates ?? [];
    const entry = entries.find(({version}) => version === '13');
    t.deepEqual(entry?.tags, [...build.manifest.tags].sort());
    t.is(await readlink(join(root, 'default/default/x86_64/debian/stable')), '13');
    await t.throwsAsync(readlink(join(root, 'default/default/x86_64/debian/next')));
  }
}
