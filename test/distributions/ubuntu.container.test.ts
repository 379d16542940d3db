import test from 'ava';
import ubuntu from '../../scripts/mirrors/look-alikes/ubuntu.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';

/** Ubuntu from its look-alike: the tests share one output folder and go one after another. */
const run = await openMirrorRun(ubuntu);
test.after.always(() => run[Symbol.asyncDispose]());

test.serial('deploy ubuntu-24.04 and the legacy 18.04 builds, boots and publishes', async (t) => {
  const {exitCode, stdout, all} = await run.command('deploy', 'ubuntu-24.04', 'ubuntu-18.04');
  t.is(exitCode, 0, all);
  t.regex(stdout, /^✔ ubuntu-24\.04 +published /m);
  t.regex(stdout, /^✔ ubuntu-18\.04 +published /m);
});
