import test from 'ava';
import arch from '../../scripts/mirrors/look-alikes/arch.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';

const run = await openMirrorRun(arch);
test.after.always(() => run[Symbol.asyncDispose]());

test.serial('deploy builds, boots and publishes it', async (t) => {
  const {exitCode, stdout, all} = await run.command('deploy', 'arch');
  t.is(exitCode, 0, all);
  t.regex(stdout, /^✔ arch-rolling +published /m);
});
