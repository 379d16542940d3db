import test from 'ava';
import fedora28 from '../../scripts/mirrors/look-alikes/fedora28.ts';
import {readCgroupLayout} from '../../src/host/cgroups.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';

const run = await openMirrorRun(fedora28);
test.after.always(() => run[Symbol.asyncDispose]());

test.serial('deploy builds, boots and publishes Fedora 28 from its look-alike', async (t) => {
  const {exitCode, all} = await run.command('deploy', 'fedora-28');
  if ((await readCgroupLayout()) === 'unified') {
    t.is(exitCode, 1, all);
    t.regex(all ?? '', /nothing of it could be checked: its init needs cgroup v1/);
    return;
  }
  t.is(exitCode, 0, all);
  const {packages, sources, test: report, endOfLife} = await run.published('fedora-28');
  const names = packages.map(({name}) => name);
  for (const name of ['dhcp-client', 'dnf', 'fedora-release', 'initscripts', 'openssh-server'])
    t.true(names.includes(name), name);
  t.false(names.includes('NetworkManager'));
  t.true(sources.some((source) => source.startsWith('updates https://mirrors.fedoraproject.org/')));
  t.is(endOfLife, '2019-05-28');
  const outcomes = Object.fromEntries(report?.scenarios.map(({name, outcome}) => [name, outcome]) ?? []);
  for (const name of ['bridged', 'dhcp', 'health', 'hostname', 'routed-2018', 'routed-today', 'ssh', 'stop'])
    t.is(outcomes[name], 'passed', name);
  t.false(Object.values(outcomes).includes('failed'));
});
