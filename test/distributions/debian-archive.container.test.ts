import test from 'ava';
import debianArchive from '../../scripts/mirrors/look-alikes/debian-archive.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';

/** Debian 8 and 9 from a look-alike of the archive: expired Release files, signed by a key that has expired since. */
const run = await openMirrorRun(debianArchive);
test.after.always(() => run[Symbol.asyncDispose]());

test.serial(
  'deploy debian-8 and debian-9 builds, boots and publishes what was signed long ago',
  async (t) => {
    const {exitCode, stdout, all} = await run.command(
      'deploy',
      'debian-8',
      'debian-9',
      '--accept-expired',
      'false',
    );
    t.is(exitCode, 0, all);
    t.regex(stdout, /^✔ debian-8 +published /m);
    t.regex(stdout, /^✔ debian-9 +published /m);
  },
);

for (const [name, suite, endOfLife] of [
  ['debian-8', 'jessie', '2020-06-30'],
  ['debian-9', 'stretch', '2022-06-30'],
] as const) {
  test.serial(`${name} has the archive’s sources and says that its support has ended`, async (t) => {
    const {packages, sources, vpsadmin} = await run.published(name);
    const archive = `${run.server.url}/debian-archive`;
    t.deepEqual(sources, [
      `${archive}/debian ${suite} main`,
      `${archive}/debian-security ${suite}/updates main`,
    ]);
    t.regex(packages.find((each) => each.name === 'less')?.version ?? '', /\+deb[89]u1$/, 'from security');
    t.is(vpsadmin.supported, false);
    t.is(vpsadmin.info, `Support ended on ${endOfLife}.`);
  });
}
