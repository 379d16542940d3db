import {once} from 'node:events';
import {readdir, readlink, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {Failure} from '../../src/failure.ts';
import {lock} from '../../src/host/lock.ts';
import {temporaryFolder} from './temporary.ts';

/** Another process that has the lock; gives what kills it. */
async function holder(t: ExecutionContext, path: string): Promise<() => void> {
  const script = `
    const {lock} = await import(${JSON.stringify(join(import.meta.dirname, '../../src/host/lock.ts'))});
    await lock(${JSON.stringify(path)});
    console.log('held');
    await new Promise(() => setInterval(() => {}, 1000));`;
  const child = execa(process.execPath, ['--input-type=module', '--eval', script], {reject: false});
  const kill = () => void child.kill('SIGKILL');
  t.teardown(kill);
  await once(createInterface({input: child.stdout}), 'line');
  return kill;
}

/** The paths that a process has open. */
async function openFiles(pid: string): Promise<string[]> {
  const folder = `/proc/${pid}/fd`;
  const names = await readdir(folder).catch(() => []);
  return Promise.all(names.map((name) => readlink(join(folder, name)).catch(() => '')));
}

test('the second waits until the first is done', async (t) => {
  const path = join(await temporaryFolder(t), 'a.lock');
  const order: string[] = [];
  const first = await lock(path);
  const waiting = Promise.withResolvers<void>();
  const second = lock(path, {onWait: waiting.resolve}).then(async (held) => {
    order.push('second');
    await held[Symbol.asyncDispose]();
  });
  await waiting.promise;
  order.push('first');
  await first[Symbol.asyncDispose]();
  await second;
  t.deepEqual(order, ['first', 'second']);
});

test('of many, one at a time has it', async (t) => {
  const path = join(await temporaryFolder(t), 'deeper/a.lock');
  let holders = 0;
  const most = await Promise.all(
    Array.from({length: 8}, async () => {
      await using _held = await lock(path);
      holders += 1;
      await new Promise(setImmediate);
      const together = holders;
      holders -= 1;
      return together;
    }),
  );
  t.deepEqual(
    most,
    Array.from({length: 8}, () => 1),
  );
});

test('a holder that is killed has it no longer', async (t) => {
  const path = join(await temporaryFolder(t), 'a.lock');
  const kill = await holder(t, path);
  const waiting = Promise.withResolvers<void>();
  const next = lock(path, {onWait: waiting.resolve, signal: AbortSignal.timeout(20_000)});
  await waiting.promise;
  kill();
  const held = await next;
  await held[Symbol.asyncDispose]();
  t.pass();
});

test('a lock file that was left behind means nothing', async (t) => {
  const path = join(await temporaryFolder(t), 'a.lock');
  await writeFile(path, '4711\n');
  await using _held = await lock(path, {onWait: () => t.fail('it waited')});
  t.pass();
});

test('who no longer wants to wait does not have to', async (t) => {
  const path = join(await temporaryFolder(t), 'a.lock');
  await using _held = await lock(path);
  const controller = new AbortController();
  const reason = new Failure('interrupted', {kind: 'interrupted'});
  const waiting = lock(path, {onWait: () => controller.abort(reason), signal: controller.signal});
  t.is(await t.throwsAsync(waiting), reason);
});

test('a place where no lock can be says so', async (t) => {
  const failure = await t.throwsAsync(lock('/proc/a.lock'), {instanceOf: Failure});
  t.is(failure?.kind, 'machine');
  t.regex(failure?.message ?? '', /^cannot lock \/proc\/a\.lock: ENOENT/);
});

test('an abort does not take the lock from who has it', async (t) => {
  const path = join(await temporaryFolder(t), 'a.lock');
  const controller = new AbortController();
  const first = await lock(path, {signal: controller.signal});
  controller.abort(new Failure('interrupted'));
  const waiting = Promise.withResolvers<void>();
  const second = lock(path, {onWait: waiting.resolve});
  t.is(await Promise.race([waiting.promise.then(() => 'held'), second.then(() => 'free')]), 'held');
  await first[Symbol.asyncDispose]();
  await (await second)[Symbol.asyncDispose]();
});

test('whatever the user’s shell is, it has nothing to do with locks', async (t) => {
  const path = join(await temporaryFolder(t), 'a.lock');
  const module = JSON.stringify(join(import.meta.dirname, '../../src/host/lock.ts'));
  const script = `
    const {lock} = await import(${module});
    await using held = await lock(${JSON.stringify(path)}, {signal: AbortSignal.timeout(20_000)});
    console.log('held');`;
  for (const SHELL of ['/usr/sbin/nologin', '/bin/false', '/bin/sh', '']) {
    const argv = ['--input-type=module', '--eval', script];
    t.is((await execa(process.execPath, argv, {env: {SHELL}})).stdout, 'held', SHELL);
    await using _held = await lock(path);
    const second = await execa(process.execPath, argv, {env: {SHELL}, timeout: 2000, reject: false});
    t.is(second.stdout, '', `${SHELL}: a second one has it`);
  }
});

test('who holds a lock is told that its file was removed, and who waited takes the new one', async (t) => {
  const path = join(await temporaryFolder(t), 'a.lock');
  await using first = await lock(path);
  const waiting = Promise.withResolvers<void>();
  const second = lock(path, {onWait: waiting.resolve});
  await waiting.promise;
  const lost = once(first.signal, 'abort');
  await rm(path);
  await lost;
  t.is((first.signal.reason as Failure).message, `the lock ${path} was removed while it was held`);
  // the one that waits has opened the file that is gone: it must not take that for the lock
  await first[Symbol.asyncDispose]();
  await using taken = await second;
  t.false(taken.signal.aborted);
  await t.throwsAsync(lock(path, {signal: AbortSignal.timeout(200)}), {name: 'TimeoutError'});
});

test('nothing but the holder’s own end releases a lock', async (t) => {
  const path = join(await temporaryFolder(t), 'a.lock');
  const kill = await holder(t, path);
  const opened = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map((pid) => openFiles(pid));
  const holders = (await Promise.all(opened)).filter((files) => files.includes(path));
  t.is(holders.length, 1, 'a helper holds it that could be killed');
  await t.throwsAsync(lock(path, {signal: AbortSignal.timeout(300)}), {name: 'TimeoutError'});
  kill();
});
