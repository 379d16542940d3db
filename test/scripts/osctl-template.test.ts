import {chmod, copyFile, mkdir, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {temporaryFolder} from '../host/temporary.ts';

const launcher = join(import.meta.dirname, '../../osctl-template');

/** A checkout with this launcher, this Node.js and a command line that says how it was called. */
async function checkout(
  t: ExecutionContext,
  main = 'console.log(...process.argv.slice(2));',
): Promise<string> {
  const folder = await temporaryFolder(t);
  await copyFile(launcher, join(folder, 'osctl-template'));
  await mkdir(join(folder, 'src/cli'), {recursive: true});
  await writeFile(join(folder, 'src/cli/main.ts'), `const typed: string = '';\n${main}`);
  await mkdir(join(folder, 'node_modules/.bin'), {recursive: true});
  await symlink(process.execPath, join(folder, 'node_modules/.bin/node'));
  await writeFile(join(folder, 'package.json'), '{"type": "module"}');
  return folder;
}

test('arguments arrive as they are, and Node.js warns of nothing', async (t) => {
  const folder = await checkout(t);
  const {stdout, stderr} = await execa('./osctl-template', ['build', 'a b', '*'], {cwd: folder});
  t.is(stdout, 'build a b *');
  t.is(stderr, '');
});

test('symlinks to it work from anywhere, also from PATH', async (t) => {
  const folder = await checkout(t);
  const bin = join(folder, 'bin');
  await mkdir(bin);
  await symlink('../osctl-template', join(bin, 'relative'));
  await symlink(join(bin, 'relative'), join(bin, 'absolute'));
  t.is((await execa(join(bin, 'absolute'), ['ls'], {cwd: '/'})).stdout, 'ls');
  t.is((await execa('absolute', ['ls'], {cwd: '/', env: {PATH: `${bin}:${process.env.PATH}`}})).stdout, 'ls');
});

test('a signal reaches the command line', async (t) => {
  const folder = await checkout(
    t,
    "process.on('SIGTERM', () => process.exit(130)); console.log('ready'); setInterval(() => {}, 1000);",
  );
  const child = execa('./osctl-template', {cwd: folder, reject: false});
  child.stdout.once('data', () => child.kill('SIGTERM'));
  t.is((await child).exitCode, 130);
});

test('without a new enough Node.js it says what to run', async (t) => {
  const folder = await checkout(t);
  const old = join(folder, 'old');
  await mkdir(old);
  await writeFile(join(old, 'node'), '#!/bin/sh\necho 20\n');
  await chmod(join(old, 'node'), 0o755);
  const {exitCode, stderr} = await execa('mv node_modules none && exec ./osctl-template ls', {
    cwd: folder,
    shell: true,
    reject: false,
    env: {PATH: `${old}:/usr/bin:/bin`},
  });
  t.is(exitCode, 3);
  t.regex(stderr, /Node\.js 24 or newer is needed\n.*npm run setup/);
});
