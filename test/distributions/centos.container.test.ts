import test from 'ava';
import centos from '../../scripts/mirrors/look-alikes/centos.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';

const run = await openMirrorRun(centos);
test.after.always(() => run[Symbol.asyncDispose]());

test.serial('deploy builds, boots and publishes CentOS Stream 9 from its look-alike', async (t) => {
  const {exitCode, all} = await run.command('deploy', 'centos-9-stream');
  t.is(exitCode, 0, all);
  const {packages, sources, test: report, id} = await run.published('centos-9-stream');
  t.regex(id, /^centos-9-stream-\d{8}-x86_64-vpsadminos-minimal$/);
  const names = packages.map(({name}) => name);
  for (const expected of ['centos-stream-release', 'NetworkManager', 'openssh-server', 'systemd'])
    t.true(names.includes(expected), expected);
  t.false(names.includes('gpg-pubkey'));
  t.deepEqual(
    sources.map((line) => line.split(' ')[0]),
    ['baseos', 'appstream'],
  );
  t.true(report?.passed);
  t.is(report?.scenarios.find(({name}) => name === 'packages')?.outcome, 'passed');
});
