import {cp, readFile, readlink} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {sha256Of} from '../../src/host/hashing.ts';
import type {Build} from '../../src/image/manifest.ts';
import {publish} from '../../src/repository/publish.ts';
import {hashOf, temporaryFolder, writeBuild} from './builds.ts';
import {flaws, leftovers, namedFiles} from './inspection.ts';

const publisher = join(import.meta.dirname, 'publisher.ts');
const older = '20261120T030000Z';
const newer = '20261123T153000Z';

test.serial('a publisher of a new version killed at any moment leaves a whole repository', async (t) => {
  const folder = await temporaryFolder(t);
  const published = join(folder, 'published');
  await publish(await writeBuild(folder, {version: '12', serial: older, tags: ['stable']}), published);
  const killed = await publishKilled(t, folder, published, {step: 1});
  t.true(killed > 40, `${killed} moments`);
});

test.serial('so does a publisher of a newer build, where there are no hard links', async (t) => {
  const folder = await temporaryFolder(t);
  const published = join(folder, 'published');
  await publish(await writeBuild(folder, {version: '12', serial: older, tags: ['stable']}), published);
  await publish(await writeBuild(folder, {serial: older, tags: ['testing', 'next']}), published);
  const killed = await publishKilled(t, folder, published, {step: 2}, 'without-links');
  t.true(killed > 20, `${killed} moments`);
});

test.serial(
  'the first publisher killed at its start leaves a folder that becomes a repository',
  async (t) => {
    const folder = await temporaryFolder(t);
    const build = await writeBuild(folder, {serial: newer, tags: ['stable']});
    const killed = await atMoments({step: 1, last: 12}, async (moment) => {
      const repository = join(folder, `killed-at-${moment}`);
      const ended = await runPublisher(folder, build, repository, moment);
      await publish(build, repository);
      await assertPublished(t, repository, build);
      return ended;
    });
    t.is(killed, 12);
  },
);

test.serial('publishers at once wait for each other, and all get their template in', async (t) => {
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

/** Publishes a newer Debian 13 into copies of a repository, killed at each moment in one, and then for good. */
async function publishKilled(
  t: ExecutionContext,
  folder: string,
  published: string,
  moments: {readonly step: number},
  ...conditions: readonly string[]
): Promise<number> {
  const build = await writeBuild(folder, {serial: newer, tags: ['stable', 'testing']});
  const before = await namedFiles(published);
  return await atMoments(moments, async (moment) => {
    const repository = await copyOf(published, moment);
    const ended = await runPublisher(folder, build, repository, moment, ...conditions);
    await assertNothingLost(t, repository, before);
    await publish(build, repository);
    await assertPublished(t, repository, build);
    return ended;
  });
}

async function copyOf(repository: string, moment: number): Promise<string> {
  const copy = `${repository}-${moment}`;
  await cp(repository, copy, {recursive: true, verbatimSymlinks: true});
  return copy;
}

/** Runs something for a publisher's moments, two at once, until one ends by itself; gives how many were killed. */
async function atMoments(
  {step, last = Number.POSITIVE_INFINITY}: {readonly step: number; readonly last?: number},
  run: (moment: number) => Promise<'killed' | 'done'>,
): Promise<number> {
  let killed = 0;
  let next = 1;
  const work = async () => {
    while (next <= last) {
      const moment = next;
      next += step;
      if ((await run(moment)) === 'done') return;
      killed += 1;
    }
  };
  // both to their ends: nothing may still be written when the folder is removed
  for (const end of await Promise.allSettled([work(), work()])) {
    if (end.status === 'rejected') throw end.reason;
  }
  return killed;
}

async function runPublisher(
  cache: string,
  build: Build,
  repository: string,
  moment: number,
  ...conditions: readonly string[]
): Promise<'killed' | 'done'> {
  const {signal, exitCode, stderr} = await execa(
    process.execPath,
    [publisher, build.folder, repository, 'killed-at', String(moment), ...conditions],
    {reject: false, env: {NODE_COMPILE_CACHE: join(cache, 'compiled')}},
  );
  if (signal === 'SIGKILL') return 'killed';
  if (exitCode === 0) return 'done';
  throw new Error(`the publisher failed at moment ${moment}: ${stderr}`);
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
