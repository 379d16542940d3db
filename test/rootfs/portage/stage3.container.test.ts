import {mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test from 'ava';
import {gentoo} from '../../../builders/gentoo.ts';
import {Failure} from '../../../src/failure.ts';
import type {Release} from '../../../src/recipe/release.ts';
import type {StepContext} from '../../../src/recipe/step.ts';
import {checkStage3} from '../../../src/rootfs/portage/stage3.ts';
import standIn from '../../../stand-ins/gentoo/index.ts';
import {openBuildContainer} from '../../fixtures/build-container.ts';
import {madeMirror} from '../../fixtures/mirrors.ts';
import {tinyDistribution, tinyRequest} from '../../fixtures/tiny.ts';
import {serveDuring} from '../tiny-archive.ts';

/** A mirror is checked by what a build asks it for first: the list of the newest stage3, or the bundle of keys. */
const mirror = await madeMirror(standIn, ['openrc', 'systemd']);
const folder = await mkdtemp(join(tmpdir(), 'osctl-template-test-'));
const opened = await openBuildContainer(gentoo);

test.after.always(async () => {
  await opened[Symbol.asyncDispose]();
  await rm(folder, {recursive: true, force: true});
});

const release = {version: 'openrc', codename: 'openrc', cgroups: 'any', stage3: 'openrc'} as const;

/** A build's context that trusts the stand-in's keys. */
async function contextOf(): Promise<StepContext<Release & {readonly stage3: string}>> {
  return {
    release,
    template: tinyRequest(tinyDistribution()).template,
    serial: '20261124T000000Z',
    epoch: 0,
    container: opened.container,
    sources: {},
    keys: [{name: 'keys.asc', content: await readFile(mirror.keys[0] ?? '')}],
    acceptExpired: false,
    folder: new URL('./', import.meta.url),
    progress: () => undefined,
    log: () => undefined,
  };
}

/** The check of Gentoo's recipe, with pinned keys of one's own. */
const checkWith = (...fingerprints: readonly string[]) =>
  checkStage3<Release & {readonly stage3: string}>({
    keys: {fingerprints, place: 'keys', bundle: 'keys.asc'},
    flavour: ({stage3}) => stage3,
  });

test.serial(
  'a mirror says what its newest stage3 is, by whom that is signed, and how old it is',
  async (t) => {
    const {url} = await serveDuring(t, mirror.folder);
    const {verified, made} = await checkWith()(await contextOf(), {name: 'distfiles', url: `${url}/`});
    t.regex(verified, /^the list that names stage3-amd64-openrc-\w+\.tar\.xz, by the release key$/);
    t.true(
      made instanceof Date && made.getTime() < Date.now() && made.getTime() > Date.now() - 30 * 86_400_000,
    );
  },
);

test.serial('a mirror without the list of this flavour', async (t) => {
  const {url} = await serveDuring(t, folder);
  const error = await t.throwsAsync(async () => checkWith()(await contextOf(), {name: 'distfiles', url}), {
    instanceOf: Failure,
  });
  t.regex(error?.message ?? '', /latest-stage3-amd64-openrc\.txt: the mirror does not have this file$/);
});

test.serial(
  'a bundle of keys is checked by the pinned fingerprints, whatever keys are configured',
  async (t) => {
    await writeFile(join(folder, 'keys.asc'), await readFile(mirror.keys[0] ?? ''));
    const {url} = await serveDuring(t, folder);
    const {container} = opened;
    const listing = await container.run(['gpg', '--batch', '--with-colons', '--show-keys'], {
      input: await readFile(mirror.keys[0] ?? ''),
    });
    const fingerprint = /^fpr:+([0-9A-F]{40}):/m.exec(listing)?.[1] ?? '';
    const context = await contextOf();
    t.deepEqual(await checkWith(fingerprint)(context, {name: 'keys', url}), {
      verified: 'keys.asc, by the fingerprints of its keys',
    });
    const error = await t.throwsAsync(checkWith('0'.repeat(40))(context, {name: 'keys', url}), {
      instanceOf: Failure,
    });
    t.regex(error?.message ?? '', /does not have the pinned key 0{40}$/);
  },
);
