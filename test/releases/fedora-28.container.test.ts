import test from 'ava';
import {readCgroupLayout} from '../../src/host/cgroups.ts';
import fedora from '../../stand-ins/fedora/index.ts';
import fedora28 from '../../stand-ins/fedora-28/index.ts';
import {configurationOf} from '../../stand-ins/shared/make.ts';
import {serveMirror} from '../../stand-ins/shared/serve.ts';
import {madeMirror, openConfiguredRun, openMirrorRun} from '../fixtures/mirrors.ts';
import {sourceLines} from '../fixtures/sources.ts';

const run = await openMirrorRun(fedora28);
test.after.always(() => run[Symbol.asyncDispose]());

test.serial('deploy builds, boots and publishes Fedora 27 and 28 from their stand-in mirror', async (t) => {
  const {exitCode, all} = await run.command('deploy', 'fedora-27', 'fedora-28');
  if ((await readCgroupLayout()) === 'unified') {
    t.is(exitCode, 1, all);
    t.regex(all ?? '', /nothing of it could be checked: its init needs cgroup v1/);
    return;
  }
  t.is(exitCode, 0, all);
  const passes = [
    'bridged',
    'dhcp',
    'health',
    'hostname',
    'packages',
    'routed-2018',
    'routed-today',
    'ssh',
    'stop',
  ];
  for (const [release, ended] of [
    ['fedora-27', '2018-11-30'],
    ['fedora-28', '2019-05-28'],
  ] as const) {
    const {packages, sources, test: report, endOfLife} = await run.manifest(release);
    const versions = new Map(packages.map(({name, version}) => [name, version]));
    for (const name of ['dhcp-client', 'dnf', 'fedora-release', 'initscripts', 'openssh-server'])
      t.true(versions.has(name), `${release}: ${name}`);
    t.false(versions.has('NetworkManager'));
    // an update, which each release has elsewhere
    t.is(versions.get('ca-certificates'), '7-2');
    t.true(
      sourceLines(sources).some((source) => source.startsWith('updates https://mirrors.fedoraproject.org/')),
    );
    t.is(endOfLife, ended);
    const outcomes = Object.fromEntries(report?.scenarios.map(({name, outcome}) => [name, outcome]) ?? []);
    for (const name of passes) t.is(outcomes[name], 'passed', `${release}: ${name}`);
    t.false(Object.values(outcomes).includes('failed'), release);
  }
});

test.serial('today’s releases are built with a configuration that has the key of these, too', async (t) => {
  const today = await madeMirror(fedora, ['45']);
  await using server = await serveMirror(today.folder);
  const {mirrors} = configurationOf(today, server.url);
  const keys = {fedora: [...run.mirror.keys, ...today.keys]};
  await using both = await openConfiguredRun({mirrors, keys});
  const {exitCode, all} = await both.command('build', 'fedora-45');
  t.is(exitCode, 0, all);
});
