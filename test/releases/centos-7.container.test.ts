import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {loadDistributions} from '../../src/catalogue/load.ts';
import {Failure} from '../../src/failure.ts';
import {readCgroupLayout} from '../../src/host/cgroups.ts';
import {buildTemplate} from '../../src/pipeline/build.ts';
import type {BuildEnvironment} from '../../src/pipeline/request.ts';
import {type Distribution, forRelease} from '../../src/recipe/distribution.ts';
import {step} from '../../src/recipe/step.ts';
import centos7 from '../../stand-ins/centos-7/index.ts';
import {type Misbehaviour, serveMirror} from '../../stand-ins/shared/serve.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';
import {ownOutput} from '../fixtures/output.ts';
import {sourceLines} from '../fixtures/sources.ts';
import {environmentIn, tinyRequest} from '../fixtures/tiny.ts';

const distributions = new URL('../../distributions/', import.meta.url);
const recipes = await loadDistributions([fileURLToPath(distributions)], {
  vendor: 'vpsadminos',
  arch: 'x86_64',
});

function centos(): Distribution {
  const recipe = recipes.find(({distribution}) => distribution.name === 'centos');
  if (recipe === undefined) throw new Error('there is no recipe of CentOS');
  return recipe.distribution;
}

const run = await openMirrorRun(centos7);
test.after.always(() => run[Symbol.asyncDispose]());

test.serial('deploy builds, boots and publishes CentOS 7 from its stand-in mirror', async (t) => {
  const {exitCode, all} = await run.command('deploy', 'centos-7');
  if ((await readCgroupLayout()) === 'unified') {
    t.is(exitCode, 1, all);
    t.regex(all ?? '', /nothing of it could be checked: its init needs cgroup v1/);
    return;
  }
  t.is(exitCode, 0, all);
  const {packages, sources, test: report, vpsadmin, endOfLife} = await run.manifest('centos-7');
  const names = packages.map(({name}) => name);
  for (const name of ['centos-release', 'initscripts', 'openssh-server', 'systemd', 'yum'])
    t.true(names.includes(name), name);
  t.false(names.includes('gpg-pubkey'));
  t.is(packages.find(({name}) => name === 'ca-certificates')?.version, '7-2');
  t.true(sourceLines(sources).includes('updates http://vault.centos.org/7.9.2009/updates/$basearch/'));
  t.is(vpsadmin.cgroup_version, 'v1');
  t.is(endOfLife, '2024-06-30');
  const outcomes = Object.fromEntries(report?.scenarios.map(({name, outcome}) => [name, outcome]) ?? []);
  const checked = ['bridged', 'dhcp', 'dns', 'health', 'hostname', 'lifecycle', 'password', 'routed-2018'];
  for (const name of [...checked, 'packages', 'routed-today', 'ssh', 'stop'])
    t.is(outcomes[name], 'passed', name);
  t.false(Object.values(outcomes).includes('failed'));
});

test.serial(
  "the tree's database is one that its own rpm has written, and nothing of the first stage stays",
  async (t) => {
    const made = await run.command('instantiate', 'centos-7', '--json');
    if ((await readCgroupLayout()) === 'unified') return t.regex(made.all, /needs cgroup v1/);
    t.is(made.exitCode, 0, made.all);
    const {name} = JSON.parse(made.stdout) as {name: string};
    t.teardown(() => run.command('ct', 'del', name));
    const {stdout} = await run.command('ct', 'exec', name, 'sh', '-c', look);
    t.deepEqual(stdout.split('\n'), [
      'cgroup v1',
      'Berkeley DB',
      'base',
      'extras',
      'updates',
      'nothing else',
    ]);
  },
);

const look = `
[ -d /sys/fs/cgroup/systemd/system.slice ] && echo cgroup v1
[ -f /var/lib/rpm/Packages ] && [ ! -e /var/lib/rpm/rpmdb.sqlite ] && echo Berkeley DB
sed -n 's/^\\[\\(.*\\)\\]/\\1/p' /etc/yum.repos.d/*.repo | sort
find / -xdev -name '*osctl-template*' | grep . || echo nothing else
`;

/** Builds in an environment of the test's own, from the stand-in mirror or what a server makes of it. */
async function build(
  t: ExecutionContext,
  {
    below = '',
    misbehave,
    key,
    distribution = centos(),
  }: {
    /** The folder of the server that plays the vault. */
    readonly below?: string;
    readonly misbehave?: Misbehaviour;
    /** A public key's file that is trusted instead of the stand-in's; `own` is CentOS's, the recipe's. */
    readonly key?: string;
    readonly distribution?: Distribution;
  } = {},
): Promise<{readonly failure: Failure; readonly log: string; readonly environment: BuildEnvironment}> {
  await using server = await serveMirror(run.mirror.folder, misbehave === undefined ? {} : {misbehave});
  const environment = environmentIn(await ownOutput(t));
  const keys = await Promise.all(
    (key === undefined ? run.mirror.keys : key === 'own' ? [] : [key]).map(async (file, index) => ({
      name: `key-${index}`,
      content: await readFile(file),
    })),
  );
  const request = tinyRequest(distribution);
  const building = buildTemplate(
    {
      ...request,
      recipe: {distribution, folder: new URL('centos/', distributions)},
      template: {...request.template, release: '7', version: '7'},
      sources: {vault: [`${server.url}${below}`]},
      keys,
    },
    environment,
  );
  const failure: unknown = await building.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(failure instanceof Failure)) throw new Error(`no Failure: ${failure}`);
  t.deepEqual(await readdir(environment.output.builds), []);
  return {failure, environment, log: await readFile(failure.log ?? '', 'utf8')};
}

const notSigned = /yum in two stages: a package or an index is not signed by the distribution’s key$/;
const otherwise = /yum in two stages: a download does not match the index: truncated or replaced$/;
const begun = 'the first stage is there';

test.serial('without a key in the configuration it is CentOS’s own, of 2014, that counts', async (t) => {
  const {failure, log} = await build(t, {key: 'own'});
  t.regex(failure.message, notSigned);
  t.regex(log, /Importing GPG key 0xF4A80EB5:[\s\S]*Key imported successfully/);
  t.false(log.includes(begun));
});

test.serial('packages by a stranger are refused in the first stage', async (t) => {
  const {failure, log} = await build(t, {key: join(run.mirror.folder, 'RPM-GPG-KEY-stranger')});
  t.regex(failure.message, notSigned);
  t.regex(failure.remedy ?? '', /not to be trusted/);
  t.false(log.includes(begun));
  t.notRegex(log, /Installing +: /);
});

test.serial(
  'a package replaced by a stranger’s is refused in the second stage, and its script never runs',
  async (t) => {
    const {failure, log} = await build(t, {below: '/replaced'});
    t.regex(failure.message, notSigned);
    t.true(log.includes(begun));
    t.notRegex(log.slice(log.indexOf(begun)), /Installing +: /);
  },
);

for (const [stage, name] of [
  ['first', 'bash'],
  ['second', 'initscripts'],
] as const) {
  test.serial(`half a package is refused in the ${stage} stage`, async (t) => {
    const {failure, log} = await build(t, {
      misbehave(path, content, response) {
        if (!path.includes(`/Packages/${name}-`)) return false;
        response.end(content.subarray(0, content.length / 2));
        return true;
      },
    });
    t.regex(failure.message, otherwise);
    t.is(log.includes(begun), stage === 'second');
  });
}

test.serial('a package of the same size with another byte is refused', async (t) => {
  const {failure} = await build(t, {
    misbehave(path, content, response) {
      if (!path.includes('/Packages/dhclient-')) return false;
      const replaced = Buffer.from(content);
      replaced.writeUInt8(replaced.readUInt8(content.length - 1000) ^ 1, content.length - 1000);
      response.end(replaced);
      return true;
    },
  });
  t.regex(failure.message, otherwise);
});

test.serial('half an index is refused', async (t) => {
  const {failure} = await build(t, {
    misbehave(path, content, response) {
      if (!path.includes('-primary.')) return false;
      response.end(content.subarray(0, content.length / 2));
      return true;
    },
  });
  t.regex(failure.message, otherwise);
});

test.serial('a tree in which nothing brings the network up is not sealed', async (t) => {
  const spoil = step('spoil', (rootfs) => rootfs.remove('/etc/rc.d/init.d/network'));
  const {osctl} = forRelease(centos(), '7');
  const {network} = osctl;
  const spoiled = {...osctl, network: {...network, prepare: [...network.prepare, spoil]}};
  const {failure} = await build(t, {distribution: {...centos(), osctl: spoiled}});
  t.regex(
    failure.message,
    /osctl cannot work with it: \/etc\/init\.d\/network is not there, or not executable/,
  );
});
