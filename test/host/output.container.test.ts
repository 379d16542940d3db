import {chown, mkdir} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {Failure} from '../../src/failure.ts';
import {openOutput} from '../../src/host/output.ts';
import {temporaryFolder} from './temporary.ts';

const module = join(import.meta.dirname, '../../src/host/output.ts');
const nobody = 65534;

test("another user's folder is refused, unless that user is trusted", async (t) => {
  const root = await temporaryFolder(t);
  await chown(root, nobody, nobody);
  const failure = await t.throwsAsync(openOutput(root), {
    instanceOf: Failure,
    message: /belongs to user 65534/,
  });
  t.is(failure?.exitCode, 2);
  t.regex(failure?.remedy ?? '', /chown root:/);
  await t.notThrowsAsync(openOutput(root, {trusted: [nobody]}));
});

test('a read-only file system is named', async (t) => {
  const root = join(await temporaryFolder(t), 'output');
  await mkdir(root);
  const script = `
    const {openOutput} = await import(${JSON.stringify(module)});
    await openOutput(${JSON.stringify(root)}).catch(({exitCode, message}) => console.log(exitCode, message));`;
  const {stdout} = await execa('unshare', [
    '--mount',
    'sh',
    '-e',
    '-c',
    'mount -t tmpfs -o ro,mode=755 tmpfs "$1"; exec "$2" --input-type=module --eval "$3"',
    'sh',
    root,
    process.execPath,
    script,
  ]);
  t.is(stdout, `3 cannot write to ${root}: read-only file system`);
});
