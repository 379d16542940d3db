import {mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {Failure} from '../../src/failure.ts';
import {type Build, writeManifest} from '../../src/image/manifest.ts';
import {buildsOf, latestBuild, removeOthers} from '../../src/pipeline/store.ts';
import {type Template, templateId} from '../../src/recipe/template.ts';
import {temporaryFolder} from '../host/temporary.ts';
import {describeManifest} from '../repository/builds.ts';

const debian13: Template = {
  distribution: 'debian',
  release: '13',
  version: '13',
  arch: 'x86_64',
  vendor: 'vpsadminos',
  variant: 'minimal',
  tags: [],
};
const testing = (day: string): Template => ({...debian13, release: 'testing', version: `testing-${day}`});

/** A build's folder with its manifest, as `build` leaves it. */
async function store(builds: string, template: Template, serial: string): Promise<Build> {
  const {release, tags, ...name} = template;
  const folder = join(builds, templateId(template), serial);
  await mkdir(folder, {recursive: true});
  return writeManifest(folder, {...describeManifest({...name, tags, serial, contents: {}}), release});
}

const unexpected = (failure: Failure) => {
  throw failure;
};
const serials = (builds: readonly Build[]) => builds.map(({manifest}) => manifest.serial);

test('the newest build comes first, whatever day its version carries', async (t) => {
  const builds = await temporaryFolder(t);
  await store(builds, testing('20261122'), '20261122T010000Z');
  await store(builds, testing('20261123'), '20261123T020000Z');
  await store(builds, testing('20261123'), '20261123T010000Z');
  const asked = testing('20261124');
  t.deepEqual(serials(await buildsOf(builds, asked, unexpected)), [
    '20261123T020000Z',
    '20261123T010000Z',
    '20261122T010000Z',
  ]);
  t.is((await latestBuild(builds, asked, unexpected)).manifest.serial, '20261123T020000Z');
});

test('a build whose version is the day alone is found by its release', async (t) => {
  const builds = await temporaryFolder(t);
  const arch = (version: string): Template => ({
    ...debian13,
    distribution: 'arch',
    release: 'rolling',
    version,
  });
  await store(builds, arch('20261122'), '20261122T010000Z');
  await store(builds, {...arch('20261122'), release: 'other'}, '20261122T020000Z');
  t.deepEqual(serials(await buildsOf(builds, arch('20261123'), unexpected)), ['20261122T010000Z']);
});

test('builds of other templates with names alike do not count', async (t) => {
  const builds = await temporaryFolder(t);
  await store(builds, {...debian13, release: '13.1', version: '13.1'}, '20261123T010000Z');
  await store(builds, {...debian13, variant: 'cloud'}, '20261123T020000Z');
  await store(builds, {...debian13, vendor: 'other'}, '20261123T030000Z');
  await store(builds, debian13, '20261123T000000Z');
  t.deepEqual(serials(await buildsOf(builds, debian13, unexpected)), ['20261123T000000Z']);
});

test('a template that was never built says how to build it', async (t) => {
  const failure = await t.throwsAsync(latestBuild('/nowhere', debian13, unexpected), {instanceOf: Failure});
  t.is(failure?.message, 'debian-13 has not been built');
  t.regex(failure?.remedy ?? '', /osctl-template build debian-13/);
});

test('an unfinished build is no build, and goes when the next one is done', async (t) => {
  const builds = await temporaryFolder(t);
  const folder = join(builds, templateId(debian13));
  await mkdir(join(folder, '.20261123T000000Z'), {recursive: true});
  await writeFile(join(folder, '.20261123T000000Z', 'rootfs.tar.gz'), 'half');
  await store(builds, debian13, '20261122T000000Z');
  const build = await store(builds, debian13, '20261123T010000Z');
  t.deepEqual(serials(await buildsOf(builds, debian13, unexpected)), [
    '20261123T010000Z',
    '20261122T000000Z',
  ]);
  await removeOthers(builds, debian13, build, unexpected);
  t.deepEqual(await readdir(folder), ['20261123T010000Z']);
});

test('an older day goes when a newer one is built, and leaves no empty folder', async (t) => {
  const builds = await temporaryFolder(t);
  await store(builds, testing('20261122'), '20261122T010000Z');
  const build = await store(builds, testing('20261123'), '20261123T010000Z');
  const other = await store(builds, debian13, '20261122T010000Z');
  await removeOthers(builds, testing('20261123'), build, unexpected);
  t.deepEqual(await readdir(builds), [templateId(debian13), templateId(testing('20261123'))]);
  t.deepEqual(serials(await buildsOf(builds, debian13, unexpected)), serials([other]));
});

test('what is not a build is told by its path and left out, and the build beside it is taken', async (t) => {
  const builds = await temporaryFolder(t);
  const {folder} = await store(builds, debian13, '20261122T010000Z');
  const odd: Readonly<Record<string, string>> = {
    '20261123T000001Z': '{"schema":1}',
    '20261123T000002Z': '{"schema": 1,',
    '20261123T000003Z': (await readFile(join(folder, 'manifest.json'), 'utf8')).replace(
      '"tags": []',
      '"tags": 7',
    ),
    '20261123T000004Z': await readFile(join(folder, 'manifest.json'), 'utf8'), // a copied folder
  };
  const parent = join(builds, templateId(debian13));
  for (const [serial, content] of Object.entries(odd)) {
    await mkdir(join(parent, serial));
    await writeFile(join(parent, serial, 'manifest.json'), content);
  }
  await mkdir(join(parent, '20261123T000005Z/manifest.json'), {recursive: true});
  await mkdir(join(parent, 'empty'));
  await writeFile(join(parent, 'note.txt'), 'not a folder');
  const told: string[] = [];
  const leftOut = ({message}: Failure) => told.push(message);
  t.is((await latestBuild(builds, debian13, leftOut)).folder, folder);
  const expected = [...Object.keys(odd), '20261123T000005Z', 'empty', 'note.txt'];
  t.deepEqual(
    expected.filter((name) => !told.some((message) => message.startsWith(join(parent, name)))),
    [],
  );
  t.is(told.length, expected.length, told.join('\n'));

  const build = await store(builds, debian13, '20261124T010000Z');
  await removeOthers(builds, debian13, build, () => {});
  t.deepEqual(await readdir(parent), ['20261124T010000Z', ...expected].toSorted());
});

test('where there is nothing but a damaged build, its manifest is named, with what to do', async (t) => {
  const builds = await temporaryFolder(t);
  const {folder} = await store(builds, debian13, '20261122T010000Z');
  await writeFile(join(folder, 'manifest.json'), '{"schema": 1,');
  const failure = await t.throwsAsync(latestBuild(builds, debian13, unexpected), {instanceOf: Failure});
  t.true(failure?.message.startsWith(`${folder}/manifest.json is not a build's manifest`));
  t.regex(failure?.remedy ?? '', /Remove the folder/);
});
