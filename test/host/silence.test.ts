import {existsSync} from 'node:fs';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {untilSilent} from '../../src/host/silence.ts';
import {temporaryFolder} from './temporary.ts';

/** Keeps this process from everything else for so many milliseconds. */
function stall(milliseconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);
}

test('what came while this process was kept from reading it is read before the end', async (t) => {
  const printed = join(await temporaryFolder(t), 'printed');
  const script = 'read line; printf late; touch "$0"; exec sleep 60';
  const child = execa('sh', ['-c', script, printed], {buffer: false, reject: false, stdin: 'pipe'});
  t.teardown(() => child.kill('SIGKILL'));
  let said = '';
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  const silence = untilSilent(child.stdout);
  child.stdin.write('\n');
  setImmediate(() => {
    stall(500); // longer than the silence that counts as an end
    while (!existsSync(printed)) stall(10);
  });
  await silence;
  t.is(said, 'late');
});
