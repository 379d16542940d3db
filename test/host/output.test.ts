import {access, chmod, mkdir, readdir, stat, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {Failure} from '../../src/failure.ts';
import {openOutput} from '../../src/host/output.ts';
import {temporaryFolder} from './temporary.ts';

test('a new folder gets all its rooms and is known again', async (t) => {
  const root = join(await temporaryFolder(t), 'deep', 'output');
  const output = await openOutput(root);
  t.deepEqual(output, {
    root,
    builds: `${root}/builds`,
    builders: `${root}/cache/builders`,
    containers: `${root}/containers`,
    logs: `${root}/logs`,
    repository: `${root}/repository`,
  });
  for (const folder of Object.values(output)) t.true((await stat(folder)).isDirectory());
  t.deepEqual(await openOutput(root), output);
});

test("a fresh clone's folder is ours", async (t) => {
  const root = await temporaryFolder(t);
  await writeFile(join(root, 'README.md'), '');
  await openOutput(root);
  await t.notThrowsAsync(access(join(root, '.osctl-template')));
});

test('a relative path and a symlink lead to the folder', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'disk'));
  await symlink('disk', join(folder, 'output'));
  await openOutput(join(folder, 'output'));
  t.true((await readdir(join(folder, 'disk'))).includes('repository'));
});

test('a folder with other things in it is refused and left as it was', async (t) => {
  const root = await temporaryFolder(t);
  await writeFile(join(root, 'thesis.tex'), '');
  const failure = await t.throwsAsync(openOutput(root), {instanceOf: Failure, message: /thesis\.tex/});
  t.is(failure?.exitCode, 2);
  t.regex(failure?.remedy ?? '', /--output/);
  t.deepEqual(await readdir(root), ['thesis.tex']);
});

test('a file is refused, and so is a folder below one', async (t) => {
  const file = join(await temporaryFolder(t), 'file');
  await writeFile(file, '');
  for (const path of [file, join(file, 'output')]) {
    const failure = await t.throwsAsync(openOutput(path), {instanceOf: Failure, message: /is not a folder/});
    t.is(failure?.exitCode, 2);
  }
});

test('a folder everybody may write to is refused', async (t) => {
  const root = await temporaryFolder(t);
  await chmod(root, 0o777);
  const failure = await t.throwsAsync(openOutput(root), {
    instanceOf: Failure,
    message: /everybody may write/,
  });
  t.regex(failure?.remedy ?? '', /chmod o-w/);
});

test('a place that cannot be written is the machine’s failure', async (t) => {
  const failure = await t.throwsAsync(openOutput('/proc/output'), {
    instanceOf: Failure,
    message: /cannot write to \/proc\/output/,
  });
  t.is(failure?.exitCode, 3);
});
