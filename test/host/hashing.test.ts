import test from 'ava';
import {Failure} from '../../src/failure.ts';
import {command} from '../../src/host/command.ts';
import {writeHashed} from '../../src/host/hashing.ts';

test('a full file system is told as the cause, with its place, whatever the program that writes says of it', async (t) => {
  const writing = writeHashed('/dev/full', (sink) =>
    command(['sh', '-c', 'head -c 10000000 /dev/zero || exit 141'], {sink}),
  );
  const failure = await t.throwsAsync(writing, {instanceOf: Failure});
  t.regex(failure?.message ?? '', /^there is no space left for \/dev\/full, on the file system at \/dev$/);
  t.is(failure?.exitCode, 3);
  t.truthy(failure?.remedy);
});
