import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {dnf} from '../../../builders/dnf.ts';
import {Failure} from '../../../src/failure.ts';
import type {StepContext} from '../../../src/recipe/step.ts';
import {checkDnfMirror} from '../../../src/rootfs/dnf/dnf.ts';
import fedora from '../../../stand-ins/fedora/index.ts';
import {openBuildContainer} from '../../fixtures/build-container.ts';
import {madeMirror} from '../../fixtures/mirrors.ts';
import {halves} from '../../fixtures/misbehaviour.ts';
import {tinyDistribution, tinyRequest} from '../../fixtures/tiny.ts';
import {serveDuring} from '../tiny-archive.ts';

/** A mirror is checked by the package a build needs first: its signature, after all that leads to it. */
const mirror = await madeMirror(fedora, ['45']);
const opened = await openBuildContainer(dnf);
test.after.always(() => opened[Symbol.asyncDispose]());

async function contextWith(key: string): Promise<StepContext> {
  return {
    release: {version: '45', codename: '45', cgroups: 'v2'},
    template: tinyRequest(tinyDistribution()).template,
    serial: '20261124T000000Z',
    epoch: 0,
    container: opened.container,
    sources: {},
    keys: [{name: 'RPM-GPG-KEY-trusted', content: await readFile(key)}],
    acceptExpired: false,
    folder: new URL('./', import.meta.url),
    progress: () => undefined,
    log: () => undefined,
  };
}

const check = async (url: string, key = mirror.keys[0] ?? '') =>
  checkDnfMirror(
    {
      place: 'linux',
      repositories: {fedora: 'releases/45/Everything/x86_64/os'},
      releasever: '45',
      keys: [],
      packages: [],
      probe: 'fedora-release-common',
    },
    await contextWith(key),
    {name: 'linux', url: `${url}/pub/fedora/linux/`},
  );

test.serial(
  'a mirror says which package was verified, by which key, and when its index was made',
  async (t) => {
    const {url} = await serveDuring(t, mirror.folder);
    const {verified, made} = await check(url);
    t.is(verified, 'fedora-release-common-1.0-1.x86_64.rpm, by RPM-GPG-KEY-trusted');
    t.true(made instanceof Date && Math.abs(made.getTime() - Date.now()) < 30 * 86_400_000);
  },
);

test.serial('a package by a stranger, half a package, and nothing at all', async (t) => {
  const {url} = await serveDuring(t, mirror.folder);
  const half = await serveDuring(t, mirror.folder, halves(/fedora-release-common-/));
  for (const [checking, said] of [
    [() => check(url, join(mirror.folder, 'RPM-GPG-KEY-stranger')), /not signed by the distribution’s key$/],
    [() => check(half.url), /does not match the index: truncated or replaced$/],
    [() => check(`${url}/nothing`), /repomd\.xml: the mirror does not have this file$/],
  ] as const) {
    const error = await t.throwsAsync(checking, {instanceOf: Failure});
    t.regex(error?.message ?? '', said);
  }
});
