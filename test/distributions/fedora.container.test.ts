import test from 'ava';
import fedora from '../../scripts/mirrors/look-alikes/fedora.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';

const run = await openMirrorRun(fedora);
test.after.always(() => run[Symbol.asyncDispose]());

test.serial('deploy builds, boots and publishes Fedora from its look-alike', async (t) => {
  const {exitCode, all} = await run.command('deploy', 'fedora-45');
  t.is(exitCode, 0, all);
});
