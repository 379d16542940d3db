import {readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {Failure} from '../../src/failure.ts';
import {type LogBounds, openLog} from '../../src/pipeline/log.ts';
import {temporaryFolder} from '../host/temporary.ts';

const small: LogBounds = {beginning: 30, end: 20, whole: 100};

test('of a part that is too long the beginning and the end are kept, and the size of the rest', async (t) => {
  const path = join(await temporaryFolder(t), 'a.log');
  {
    await using log = await openLog(path, small);
    log.part('configure: locale');
    for (let number = 100; number < 1000; number += 1) log.line(`line ${number}`);
    log.part('seal: logs');
    log.line('short');
  }
  t.is(
    await readFile(path, 'utf8'),
    [
      '== configure: locale',
      ...['line 100', 'line 101', 'line 102'],
      '… 895 lines (0.0 MiB) are left out here …',
      ...['line 998', 'line 999'],
      '== seal: logs',
      ...['short', ''],
    ].join('\n'),
  );
});

test('a build’s log is bounded however many steps print how much, and each keeps its end', async (t) => {
  const path = join(await temporaryFolder(t), 'a.log');
  await using log = await openLog(path, small);
  for (let step = 0; step < 20; step += 1) {
    log.part(`step ${step}`);
    for (let number = 0; number < 100; number += 1) log.line(`${step}: ${number}`);
  }
  await log.flush();
  const text = await readFile(path, 'utf8');
  t.true(text.length < 100 + 20 * (20 + 60), String(text.length));
  for (let step = 0; step < 20; step += 1) t.true(text.includes(`\n${step}: 99\n`), text);
});

test('400,000 lines of one step make a log of little more than a mebibyte', async (t) => {
  const path = join(await temporaryFolder(t), 'a.log');
  await using log = await openLog(path);
  log.part('configure: noise');
  for (let number = 0; number < 400_000; number += 1) log.line(`${number} ${'x'.repeat(90)}`);
  await log.flush();
  t.true((await stat(path)).size < 1.5 * 2 ** 20);
  t.regex(await readFile(path, 'utf8'), /\n… \d+ lines \(3\d\.\d MiB\) are left out here …\n/);
});

test('nothing in a log acts on a terminal', async (t) => {
  const path = join(await temporaryFolder(t), 'a.log');
  await using log = await openLog(path);
  log.line('\u001b]0;title\u0007 a\tb \u009b2J \u202egnp.exe \r back');
  await log.flush();
  t.is(await readFile(path, 'utf8'), '\\x1b]0;title\\x07 a\tb \\x9b2J \\u202egnp.exe \\x0d back\n');
  t.deepEqual(log.tail(), ['\\x1b]0;title\\x07 a\tb \\x9b2J \\u202egnp.exe \\x0d back']);
});

test('a log that cannot be written is told, not cut silently', async (t) => {
  await using log = await openLog('/dev/full');
  log.line('lost');
  const failure = await t.throwsAsync(log.flush(), {instanceOf: Failure});
  t.is(failure?.kind, 'machine');
  t.regex(failure?.message ?? '', /^the log cannot be written: ENOSPC/);
});
