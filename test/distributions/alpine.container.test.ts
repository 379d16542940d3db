import {existsSync} from 'node:fs';
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import anyTest, {type Implementation} from 'ava';
import type {Ask} from '../../src/boot/init/init-system.ts';
import {openrc} from '../../src/boot/init/openrc.ts';
import {waitFor} from '../../src/boot/wait.ts';
import alpine, {minirootfsFolder} from '../../stand-ins/alpine/index.ts';
import {type Misbehaviour, serveMirror} from '../../stand-ins/shared/serve.ts';
import {builtAndPassing} from '../fixtures/booted.ts';
import {everything} from '../fixtures/extent.ts';
import {madeMirror, openConfiguredRun, openMirrorRun} from '../fixtures/mirrors.ts';
import {sourceLines} from '../fixtures/sources.ts';

/**
 * Alpine from its stand-in mirror, whose systems are in Alpine's real minirootfs tarballs. Where those are not to be found,
 * the recipe's own mirror is used for what can be tested with it; a test's title says which it was. Where that cannot
 * be reached either, what is left to see is that a build says so.
 */
const atHand = existsSync(minirootfsFolder);
const reachable = atHand || (await answers('https://dl-cdn.alpinelinux.org/alpine/'));
const run = await (atHand ? openMirrorRun(alpine) : openConfiguredRun({}));
anyTest.after.always(() => run[Symbol.asyncDispose]());
type Declare = (title: string, implementation: Implementation<[]>) => void;
const nothing: Declare = () => undefined;
const test: Declare = reachable ? anyTest.serial : nothing;
const withStandIn: Declare = atHand ? anyTest.serial : nothing;

if (!reachable) {
  anyTest('without tarballs and without a mirror that answers, a build of Alpine says so', async (t) => {
    const {exitCode, all} = await run.command('build', 'alpine-3.22');
    t.is(exitCode, 1, all);
    t.regex(all ?? '', /the mirror (cannot be reached|does not answer in time)/);
  });
}

async function answers(url: string): Promise<boolean> {
  const options = {method: 'HEAD', signal: AbortSignal.timeout(10_000)};
  return fetch(url, options).then(
    () => true,
    () => false,
  );
}

const mirror = atHand ? 'the stand-in mirror' : 'the real mirror';
const releases = [
  ['alpine-3.22', 'v3.22', 'busybox-ifupdown'],
  ...(everything
    ? ([
        ['alpine-3.6', 'v3.6', 'busybox-initscripts'],
        ['alpine-3.7', 'v3.7', 'busybox-initscripts'],
      ] as const)
    : []),
] as const;

test(`from ${mirror} it is built, boots and passes`, async (t) => {
  await builtAndPassing(
    t,
    run,
    releases.map(([name]) => name),
  );
});

test('the manifests say what is in them and where it is from', async (t) => {
  for (const [name, branch, network] of releases) {
    const {packages, sources, vpsadmin} = await run.manifest(name);
    const names = packages.map((each) => each.name);
    for (const expected of ['alpine-base', 'apk-tools', 'musl', 'openrc', 'openssh', network])
      t.true(names.includes(expected), expected);
    t.deepEqual(
      sourceLines(sources).map((source) => source.replace(/.*\/alpine\//, '')),
      [`${branch}/main`, `${branch}/community`],
    );
    t.is(vpsadmin.family, 'linux');
  }
});

test('a service that fails or crashes is found, whatever runlevel it is in', async (t) => {
  const made = await run.command('instantiate', 'alpine-3.22', '--json');
  t.is(made.exitCode, 0, made.all);
  const {name} = JSON.parse(made.stdout) as {name: string};
  t.teardown(() => run.command('ct', 'del', name));
  const ask: Ask = async (argv) => {
    const {stdout, exitCode} = await run.command('ct', 'exec', name, ...argv);
    return {stdout, exitCode, lastLines: []};
  };
  t.is(await openrc.settled(ask), openrc.healthy);
  t.deepEqual(await openrc.failures(ask), []);
  await ask(['sh', '-c', breakServices]);
  await waitFor('the end of crond', async () => (await openrc.failures(ask)).length === 2 || undefined, 10);
  t.deepEqual(await openrc.failures(ask), [
    'broken of the runlevel boot has not started',
    'crond has crashed',
  ]);
});

/** One service fails in boot, which default then forgets; one is not for containers; one is killed. */
const breakServices = `
  printf '#!/sbin/openrc-run\\nstart() { return 1; }\\n' > /etc/init.d/broken
  printf '#!/sbin/openrc-run\\ndepend() { keyword -lxc; }\\nstart() { return 1; }\\n' > /etc/init.d/elsewhere
  chmod +x /etc/init.d/broken /etc/init.d/elsewhere
  rc-update add broken boot
  rc-update add elsewhere boot
  rc-update --update
  openrc boot
  openrc default
  kill -9 $(cat /run/crond.pid)`;

interface Attempt {
  readonly template?: string;
  /** The names of the stand-in's keys that are configured; all unless given. */
  readonly keys?: (name: string) => boolean;
  readonly misbehave?: Misbehaviour;
}

/** Builds from a mirror that is not what it should be, with a good one after it where `next` says so. */
async function attempt(
  {template = 'alpine-3.22', keys = () => true, misbehave = () => false}: Attempt,
  {next}: {readonly next: boolean},
) {
  const made = await madeMirror(alpine);
  await using bad = await serveMirror(made.folder, {misbehave});
  await using good = await serveMirror(made.folder);
  await using own = await openConfiguredRun({
    mirrors: {alpine: {archive: [bad, ...(next ? [good] : [])].map(({url}) => `${url}/alpine`)}},
    keys: {alpine: made.keys.filter(keys)},
  });
  const {exitCode, all} = await own.command('build', template);
  const builds = await readdir(join(own.output, 'builds')).catch(() => []);
  return {exitCode, said: all, asked: good.asked, built: builds.filter((name) => name.startsWith('alpine'))};
}

/** Serves something else instead of files whose path fits. */
function instead(path: RegExp, content: (content: Buffer) => Buffer): Misbehaviour {
  return (asked, original, response) => {
    if (!path.test(asked)) return false;
    response.end(content(original));
    return true;
  };
}

const half = (content: Buffer) => content.subarray(0, content.length / 2);
const isApkKey = (name: string) => name.endsWith('.rsa.pub');
const minirootfs = 'alpine-minirootfs-3\\.22\\.0-x86_64\\.tar\\.gz';
const index = 'the mirror’s index or a package is not signed by the distribution’s key';

const untrusted: readonly (readonly [what: string, says: RegExp, how: Attempt])[] = [
  [
    'a minirootfs that a stranger signed',
    new RegExp(`${minirootfs}: is not signed by the distribution’s key`),
    {keys: isApkKey},
  ],
  [
    'half a minirootfs',
    new RegExp(`${minirootfs}: does not match its signature: truncated or replaced`),
    {misbehave: instead(/minirootfs-[^/]*\.tar\.gz$/, half)},
  ],
  ['an index that a stranger signed', new RegExp(index), {keys: (name) => !isApkKey(name)}],
  [
    'an index that a stranger signed, for the apk of 3.6,',
    new RegExp(index),
    {template: 'alpine-3.6', keys: (name) => !isApkKey(name)},
  ],
];
for (const [what, says, how] of untrusted) {
  withStandIn(`${what} is refused, and no other mirror is asked`, async (t) => {
    const {exitCode, said, asked, built} = await attempt(how, {next: true});
    t.is(exitCode, 1, said);
    t.regex(said, says);
    t.deepEqual(asked, []);
    t.deepEqual(built, []);
  });
}

/** A package of the mirror's own, well signed, where another is asked for. */
async function anotherPackage(): Promise<Misbehaviour> {
  const {folder} = await madeMirror(alpine);
  const another = await readFile(join(folder, 'alpine/v3.22/community/x86_64/nano-1.0-r0.apk'));
  return instead(/\/openssh-[^/]*\.apk$/, () => another);
}

const wrong = /a download does not match its signature or the signed index: truncated or replaced/;
for (const [what, how] of [
  ['half an index', async () => ({misbehave: instead(/main\/x86_64\/APKINDEX/, half)})],
  ['half a package', async () => ({misbehave: instead(/\/openssh-[^/]*\.apk$/, half)})],
  ['another package in the place of one', async () => ({misbehave: await anotherPackage()})],
  [
    'another package, for the apk of 3.6,',
    async () => ({template: 'alpine-3.6', misbehave: await anotherPackage()}),
  ],
] as const satisfies readonly (readonly [string, () => Promise<Attempt>])[]) {
  withStandIn(`${what} is refused`, async (t) => {
    const {exitCode, said, built} = await attempt(await how(), {next: false});
    t.is(exitCode, 1, said);
    t.regex(said, wrong);
    t.deepEqual(built, []);
  });
}

withStandIn('after a mirror that has half a package the next one is used, for edge of today', async (t) => {
  const how = {template: 'alpine-edge', misbehave: instead(/\/openssh-[^/]*\.apk$/, half)};
  const {exitCode, said, asked, built} = await attempt(how, {next: true});
  t.is(exitCode, 0, said);
  t.true(asked.some((path) => path.endsWith('edge/releases/x86_64/latest-releases.yaml')));
  t.regex(built.join(), /^alpine-edge-\d{8}-x86_64-vpsadminos-minimal$/);
});
