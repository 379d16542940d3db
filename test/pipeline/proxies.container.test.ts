import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {Failure} from '../../src/failure.ts';
import {buildTemplate} from '../../src/pipeline/build.ts';
import {type Step, step} from '../../src/recipe/step.ts';
import alpine from '../../stand-ins/alpine/index.ts';
import arch from '../../stand-ins/arch/index.ts';
import centos from '../../stand-ins/centos/index.ts';
import fedora from '../../stand-ins/fedora/index.ts';
import gentoo from '../../stand-ins/gentoo/index.ts';
import nixos from '../../stand-ins/nixos/index.ts';
import ubuntu from '../../stand-ins/ubuntu/index.ts';
import {everything} from '../fixtures/extent.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';
import {ownOutput} from '../fixtures/output.ts';
import {openProxy} from '../fixtures/proxy.ts';
import {environmentIn, tinyDistribution, tinyRequest} from '../fixtures/tiny.ts';

const proxy = await openProxy();
test.after.always(() => proxy[Symbol.asyncDispose]());

/** Every package manager; the others take minutes. */
const templates = [
  [alpine, '3.22'],
  [ubuntu, '24.04'],
  ...(everything
    ? ([
        [arch, 'rolling'],
        [centos, '9-stream'],
        [fedora, '45'],
        [gentoo, 'openrc'],
        [nixos, '26.05'],
      ] as const)
    : []),
] as const;

for (const [standIn, release] of templates) {
  test.serial(`${standIn.name} is built through a proxy, whose password is nowhere`, async (t) => {
    await using run = await openMirrorRun(standIn, {
      releases: [release],
      configuration: {proxy: {distributions: {[standIn.distribution]: proxy.url}}},
    });
    const before = (await proxy.requests()).length;
    const {exitCode, all} = await run.command('build', `${standIn.distribution}-${release}`, '--json');
    t.is(exitCode, 0, all);
    const requests = (await proxy.requests()).slice(before);
    t.true(run.server.asked.length > 0);
    for (const path of new Set(run.server.asked)) {
      t.true(
        requests.some((request) => decodeURIComponent(request).endsWith(`${run.server.url}${path}`)),
        `${path} was asked for directly`,
      );
    }
    t.false(all?.includes(proxy.password));
    for (const folder of ['logs', 'builds']) {
      const entries = await readdir(join(run.output, folder), {recursive: true, withFileTypes: true});
      for (const entry of entries.filter((each) => each.isFile())) {
        const content = await readFile(join(entry.parentPath, entry.name));
        t.false(content.includes(proxy.password), entry.name);
      }
    }
  });
}

const shell = (script: string): Step =>
  step('shell', async (rootfs) => {
    await rootfs.run(['sh', '-c', script]);
  });

test.serial('what a program prints of the proxy is hidden, also in an error', async (t) => {
  const output = await ownOutput(t);
  const distribution = tinyDistribution({configure: [shell('echo "$http_proxy $HTTPS_PROXY"; exit 3')]});
  const request = tinyRequest(distribution, {proxies: {http: proxy.url, https: proxy.url}});
  const failure = await t.throwsAsync(buildTemplate(request, environmentIn(output)), {instanceOf: Failure});
  const address = proxy.url.replace(`builder:${proxy.password}`, '***');
  t.deepEqual(failure?.lastLines, [`${address} ${address}`]);
  const log = await readFile(failure?.log ?? '', 'utf8');
  t.true(log.includes(address));
  t.false(log.includes(proxy.password));
});

test.serial('a template that would have the proxy in it is refused', async (t) => {
  const output = await ownOutput(t);
  const distribution = tinyDistribution({
    configure: [shell('mkdir -p /etc/apt && echo "$http_proxy" > /etc/apt/proxy.conf')],
  });
  const request = tinyRequest(distribution, {proxies: {http: proxy.url}});
  const failure = await t.throwsAsync(buildTemplate(request, environmentIn(output)), {instanceOf: Failure});
  t.regex(failure?.message ?? '', /\/etc\/apt\/proxy\.conf names the proxy of the build/);
});
