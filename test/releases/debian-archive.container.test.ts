import test from 'ava';
import debianArchive from '../../stand-ins/debian-archive/index.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';
import {sourceLines} from '../fixtures/sources.ts';

/** Debian 8 and 9 from a stand-in of the archive: expired Release files, signed by a key that has expired since. */
const run = await openMirrorRun(debianArchive);
test.after.always(() => run[Symbol.asyncDispose]());

const releases = ['debian-8', 'debian-9'];

test.serial('deploy builds, boots and publishes what was signed long ago', async (t) => {
  const {exitCode, stdout, all} = await run.command('deploy', ...releases, '--accept-expired', 'false');
  t.is(exitCode, 0, all);
  for (const name of releases) t.regex(stdout, new RegExp(`^✔ ${name} +published `, 'm'));
});

test.serial('its members can install what the archive’s key signed before it expired', async (t) => {
  for (const name of releases) {
    const {test: report} = await run.manifest(name);
    const {outcome} = report?.scenarios.find((scenario) => scenario.name === 'packages') ?? {};
    t.is(outcome, 'passed', name);
  }
});

test.serial('it has the archive’s sources and fixes, and says that its support has ended', async (t) => {
  const {packages, sources, vpsadmin} = await run.manifest('debian-8');
  const archive = `${run.server.url}/debian-archive`;
  t.deepEqual(sourceLines(sources), [
    `${archive}/debian jessie main`,
    `${archive}/debian-security jessie/updates main`,
  ]);
  t.is(packages.find(({name}) => name === 'less')?.version, '668-1+deb8u1');
  t.is(vpsadmin.supported, false);
  t.is(vpsadmin.info, 'Support ended on 2020-06-30.');
});

test.serial('mirrors check takes expired indexes of the archive', async (t) => {
  const checked = await run.command('mirrors', 'check', 'debian', '--accept-expired', 'false', '--json');
  t.is(checked.exitCode, 0, checked.all);
  t.like(JSON.parse(checked.stdout), [
    {place: 'archive', url: null, reachable: null},
    {place: 'security', url: null, reachable: null},
    {place: 'archived', verified: 'InRelease of jessie, by the configured keys'},
    {place: 'archived-security', verified: 'InRelease of jessie/updates, by the configured keys'},
  ]);
});
