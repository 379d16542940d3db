import test from 'ava';
import centos from '../../stand-ins/centos/index.ts';
import {builtAndPassing} from '../fixtures/booted.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';
import {sourceLines} from '../fixtures/sources.ts';

const run = await openMirrorRun(centos, {releases: ['9-stream']});
test.after.always(() => run[Symbol.asyncDispose]());

test.serial('CentOS Stream 9 is built from its stand-in mirror, boots and passes', async (t) => {
  await builtAndPassing(t, run, ['centos-9-stream'], ['own-configuration']);
  const {packages, sources, id} = await run.manifest('centos-9-stream');
  t.regex(id, /^centos-9-stream-\d{8}-x86_64-vpsadminos-minimal$/);
  const names = packages.map(({name}) => name);
  for (const expected of ['centos-stream-release', 'NetworkManager', 'openssh-server', 'systemd'])
    t.true(names.includes(expected), expected);
  t.false(names.includes('gpg-pubkey'));
  t.deepEqual(
    sourceLines(sources).map((line) => line.split(' ')[0]),
    ['baseos', 'appstream'],
  );
});
