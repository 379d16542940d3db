import test from 'ava';
import {watchIdle} from '../../../src/boot/member/idle.ts';
import {Failure} from '../../../src/failure.ts';

/** A container whose shell prints this. */
const printing = (...lines: readonly string[]) => watchIdle({run: async () => `${lines.join('\n')}\n`});

test('processor time, memory and what was started are told of two seconds', async (t) => {
  const idle = await printing('1000000 50.00 210', '1010000 52.00 215', '7420', 'init', 'sshd');
  t.deepEqual(idle.measured, {idleCpuPercent: 0.5, idleMemoryBytes: 7_598_080});
  t.is(idle.started, 3);
  t.deepEqual(idle.processes, ['init', 'sshd']);
});

test('where cgroups count no processor time, none is told', async (t) => {
  const {measured, started} = await printing('0 50.00 210', '0 52.00 212', '7420', 'init');
  t.deepEqual(measured, {idleMemoryBytes: 7_598_080});
  t.is(started, 0);
});

test('processes that do not tell their memory are a failure', async (t) => {
  const failure = await t.throwsAsync(printing('0 50.00 210', '0 52.00 212', '0'), {instanceOf: Failure});
  t.regex(failure?.message ?? '', /do not tell what they have in memory/);
});
