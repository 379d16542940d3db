import {mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {temporaryFolder, writeBuild} from './builds.ts';
import type {Ending} from './full-disk.ts';

test('a disk that fills up at any moment leaves a whole repository, and a failure that says what to do', async (t) => {
  const folder = await temporaryFolder(t);
  const older = await writeBuild(folder, {version: '12', serial: '20261120T030000Z', tags: ['stable']});
  const newer = await writeBuild(folder, {serial: '20261123T153000Z', tags: ['stable']});
  const disk = join(folder, 'disk');
  await mkdir(disk);
  const program = join(import.meta.dirname, 'full-disk.ts');
  // the mounts end with the process, also when it is killed
  const {stdout} = await execa('unshare', [
    '--mount',
    '--propagation=private',
    process.execPath,
    program,
    older.folder,
    newer.folder,
    disk,
  ]);
  const endings: Ending[] = JSON.parse(stdout);
  const failed = endings.filter(({published}) => !published);
  t.log(`${failed.length} publishes that met a full disk`);
  t.true(failed.length > 10);
  for (const ending of endings) {
    t.deepEqual(ending.flaws, [], ending.left);
    t.deepEqual(ending.leftovers, [], ending.left);
    t.deepEqual(ending.healed, {flaws: [], leftovers: []}, ending.left);
  }
  for (const {failure, left} of failed) {
    t.is(failure?.kind, 'machine', `${left}: ${failure?.message}`);
    t.regex(failure?.message ?? '', /^there is no space left for .*\/repository$/, left);
    t.regex(failure?.remedy ?? '', /Free space or inodes/, left);
  }
});
