import {open} from 'node:fs/promises';
import test from 'ava';
import PQueue from 'p-queue';

import {openImage} from '../../../src/boot/image.ts';
import {openTestNode, type TestNode} from '../../../src/boot/node/node.ts';
import {listScenarios, selectScenarios} from '../../../src/boot/scenario/list.ts';
import {emulated} from '../../../src/boot/scenario/node.ts';
import {runScenario} from '../../../src/boot/scenario/run.ts';
import {deviceOf, type Feature} from '../../../src/container/features.ts';
import {inEnclosure} from '../../../src/container/namespaces.ts';
import {readCgroupLayout} from '../../../src/host/cgroups.ts';
import {readIdmap} from '../../../src/host/idmap.ts';
import type {ScenarioResult} from '../../../src/image/manifest.ts';
import {forRelease} from '../../../src/recipe/distribution.ts';
import type {FileEntry} from '../../../src/recipe/rootfs.ts';
import {bootFixture} from '../../fixtures/debian-build.ts';
import {masked, service, withMistake} from './broken.ts';
import {type Mistake, mistakes} from './mistakes.ts';

/** Whether this machine has what a mistake is shown with. */
async function hasKernel(need: Feature | 'cgroup v1'): Promise<boolean> {
  if (need === 'cgroup v1') return (await readCgroupLayout()) !== 'unified';
  const device = await open(`/dev/${deviceOf[need]?.path ?? ''}`, 'r').catch(() => undefined);
  await device?.close();
  return device !== undefined;
}

// before the first test is declared: all are declared in one go
const absent = new Set<Mistake['needs']>();
for (const {needs} of mistakes) if (needs !== undefined && !(await hasKernel(needs))) absent.add(needs);

let node: TestNode;
let layers = 0;
/** As many at once as two cores carry without a scenario running out of time. */
const queue = new PQueue({concurrency: 4});

test.before(async () => {
  const {build, distribution, engine, nest, probe, scratch} = await bootFixture();
  const options = {engine, title: 'broken', scratch, nest, log: () => undefined};
  node = await openTestNode(
    await openImage(build),
    forRelease(distribution, build.manifest.release),
    probe,
    options,
  );
});

test.after.always(async () => {
  await node?.[Symbol.asyncDispose]();
});

/** Runs a scenario on the image with a mistake in it. */
async function scenarioWith(
  name: string,
  mistake: readonly FileEntry[],
  {limit, cgroups}: Pick<Mistake, 'limit' | 'cgroups'> = {},
): Promise<ScenarioResult> {
  const [scenario] = selectScenarios(await listScenarios(), [name]);
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  const {release} = node.recipe;
  const recipe = {...node.recipe, release: {...release, cgroups: cgroups ?? release.cgroups}};
  const broken = await withMistake({...node, recipe}, `mistake-${++layers}`, mistake);
  const own = {...scenario, limit: limit ?? scenario.limit};
  return queue.add(() => runScenario(own, emulated(broken), {log: () => undefined}));
}

test('health names the unit that failed, and shows the logs', async (t) => {
  const {outcome, reason, logs} = await scenarioWith(
    'health',
    service('broken.service', 'echo alas; exit 3'),
  );
  t.is(outcome, 'failed');
  t.regex(reason ?? '', /^systemd says degraded; failed: broken\.service$/);
  const kinds = Object.keys(logs ?? {}).map((name) => name.replace(/-\d+/, ''));
  t.deepEqual(kinds, [
    ...['last commands', 'last lines'],
    ...['health lxc', 'health console', 'health network', 'health journal'],
  ]);
  t.true(Object.values(logs ?? {}).every((lines) => lines.length > 0));
  t.regex(
    Object.values(logs ?? {})
      .at(-1)
      ?.join('\n') ?? '',
    /alas/,
  );
});

test('ssh fails without an ssh server', async (t) => {
  const {outcome, reason, logs} = await scenarioWith('ssh', masked('ssh.service'));
  t.is(outcome, 'failed');
  t.regex(reason ?? '', /^ssh to 192\.0\.2\.\d+ with its key failed$/);
  t.regex(logs?.['last lines']?.join('\n') ?? '', /Connection refused/);
});

test('password fails where the template has one already', async (t) => {
  const known = '$5$salt$.2MzN1lb5bOhE08UZwQHFRZcpQU3y.gExdRsuCvtLZ1'; // of secret-unset, which the scenario tries
  const shadow = `root:${known}:20000:0:99999:7:::\n`;
  const {reason} = await scenarioWith('password', [{path: '/etc/shadow', content: shadow, mode: 0o640}]);
  t.regex(reason ?? '', /^ssh to .* let somebody in with a password before one is set$/);
});

test('password fails where ssh takes none', async (t) => {
  const {reason} = await scenarioWith('password', [
    {path: '/etc/ssh/sshd_config.d/00-broken.conf', content: 'PasswordAuthentication no\n'},
  ]);
  t.regex(reason ?? '', /^ssh to .* with the password set while (stopped|running) failed$/);
});

test('identity fails on an ssh host key that the template brings', async (t) => {
  const folder = await node.probe.run(['mktemp', '-d']);
  await node.probe.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', `${folder}/key`]);
  const key = await node.probe.run(['cat', `${folder}/key`]);
  const path = '/etc/ssh/ssh_host_ed25519_key';
  const {outcome, reason} = await scenarioWith('identity', [
    {path, content: `${key}\n`, mode: 0o600},
    {path: `${path}.pub`, content: `${await node.probe.run(['cat', `${folder}/key.pub`])}\n`},
  ]);
  t.is(outcome, 'failed');
  t.is(reason, 'both have the same ssh host key');
});

test('identity fails on a machine id that the template brings', async (t) => {
  const id = '0123456789abcdef0123456789abcdef';
  const {reason} = await scenarioWith('identity', [{path: '/etc/machine-id', content: `${id}\n`}]);
  t.is(reason, `both have the machine id ${id}`);
});

test('dns fails where something in the container owns resolv.conf', async (t) => {
  const rewrite = 'echo nameserver 127.0.0.53 > /etc/resolv.conf';
  const {outcome, reason} = await scenarioWith('dns', service('resolver.service', rewrite));
  t.is(outcome, 'failed');
  t.regex(
    reason ?? '',
    /^resolvers in .*, set while stopped: expected '203\.0\.113\.53', saw '127\.0\.0\.53'$/,
  );
});

test('hostname fails where something in the container sets another', async (t) => {
  const {reason} = await scenarioWith('hostname', service('name.service', 'hostname stubborn'));
  t.is(reason, "hostname, set while stopped: expected 'first.example.org', saw 'stubborn'");
});

test('routed addresses fail where nothing raises the interface', async (t) => {
  const {outcome, reason} = await scenarioWith('routed-today', masked('networking.service'));
  t.is(outcome, 'failed');
  t.regex(reason ?? '', /^waited 20 s for an answer of 192\.0\.2\.\d+\/32 to a ping/);
});

for (const {scenario, what, entries, reason, needs, ...rest} of mistakes) {
  const declare = absent.has(needs) ? test.skip : test;
  const why = absent.has(needs) ? `: this machine has no ${needs}` : '';
  declare(`${scenario} fails where ${what}${why}`, async (t) => {
    const result = await scenarioWith(scenario, entries, rest);
    t.is(result.outcome, 'failed', result.reason);
    t.regex(result.reason ?? '', reason, JSON.stringify(result.logs, null, 2));
  });
}

test('ids fails on an owner outside the map', async (t) => {
  const path = '/srv/stray';
  const broken = await withMistake(node, 'stray', [{path, content: ''}]);
  const {uid} = await readIdmap();
  await node.enclosure.run(['chown', '--', String(uid + 600_000), `${inEnclosure.scratch}/stray${path}`]);
  const [ids] = selectScenarios(await listScenarios(), ['ids']);
  if (ids === undefined) throw new Error('there is no scenario ids');
  const {outcome, reason} = await runScenario(ids, emulated(broken), {log: () => undefined});
  t.is(outcome, 'failed');
  t.is(reason, `${path} belongs to nobody, or to an id outside the map`);
});

test('every scenario has a template that it fails on', async (t) => {
  const own = ['dns', 'hostname', 'ids', 'password', 'routed-today', 'ssh', 'stop'];
  const known = [...own, ...mistakes.map(({scenario}) => scenario)];
  const missing = (await listScenarios()).map(({name}) => name).filter((name) => !known.includes(name));
  t.deepEqual(missing, []);
});

test('a scenario that takes too long says what it waited for, and its container ends', async (t) => {
  const stubborn = service('stubborn.service', 'trap "" TERM; sleep 1000');
  const {outcome, reason, seconds} = await scenarioWith('stop', stubborn, {limit: 60});
  t.is(outcome, 'failed');
  t.regex(reason ?? '', /^took longer than 60 s, waiting for: the end of stop-\d+'s boot$/);
  t.true(seconds < 120);
});
