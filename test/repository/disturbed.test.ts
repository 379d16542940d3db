import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {temporaryFolder, writeBuild} from './builds.ts';
import type {Ending} from './disturbed.ts';

const older = '20261120T030000Z';
const newer = '20261123T153000Z';

async function disturb(t: ExecutionContext, what: 'interrupted' | 'removed'): Promise<Ending[]> {
  const folder = await temporaryFolder(t);
  const [first, second] = [
    await writeBuild(folder, {serial: older, tags: ['stable']}),
    await writeBuild(folder, {serial: newer, tags: ['testing']}),
  ];
  const repositories = join(folder, 'repositories');
  await mkdir(repositories);
  const program = join(import.meta.dirname, 'disturbed.ts');
  const {stdout} = await execa(process.execPath, [program, what, first.folder, second.folder, repositories]);
  return JSON.parse(stdout);
}

test('an interrupted publish leaves nothing of the build, or has published it', async (t) => {
  const endings = await disturb(t, 'interrupted');
  const interrupted = endings.filter(({failure}) => failure !== undefined);
  t.true(interrupted.length > 10, `${interrupted.length} moments`);
  t.true(endings.length - interrupted.length > 10, `${endings.length} moments`);
  for (const {moment, failure, serials, flaws, leftovers} of endings) {
    t.deepEqual(serials, failure === undefined ? [older, newer] : [older], String(moment));
    if (failure !== undefined) t.regex(failure.message, /interrupted$/);
    t.deepEqual(flaws, [], String(moment));
    t.deepEqual(leftovers, [], String(moment));
  }
});

test('a repository that vanishes while it is written to is a failure that says so, whenever that is', async (t) => {
  const endings = await disturb(t, 'removed');
  t.true(endings.length > 20, `${endings.length} moments`);
  // before the first, which makes a missing folder, nothing is missed
  for (const {moment, failure} of endings.slice(1, -1)) {
    t.is(failure?.kind, 'machine', `${moment}: ${failure?.message}`);
    t.regex(failure?.message ?? '', /^.*\/\d+ was removed, replaced or unmounted/);
    t.regex(failure?.remedy ?? '', /publish again/);
  }
  t.is(endings.at(-1)?.failure, undefined);
});
