import {join} from 'node:path';
import {stripVTControlCharacters} from 'node:util';
import test from 'ava';
import {execa} from 'execa';
import {seenOnTerminal} from './screen.ts';

const run = join(import.meta.dirname, 'run.ts');

/** What a run writes to a terminal of 90 columns; Ctrl-C is pressed when it has shown `interruptAt`. */
async function onTerminal(
  kind: 'whole' | 'endless' | 'cancelled',
  {interruptAt, environment = {}}: {interruptAt?: string; environment?: Record<string, string>} = {},
): Promise<string> {
  const command = `stty cols 90 rows 24; exec '${process.execPath}' '${run}' ${kind}`;
  const {CI: _, NO_COLOR: __, FORCE_COLOR: ___, ...inherited} = process.env;
  const child = execa('script', ['-qec', command, '/dev/null'], {
    env: {...inherited, TERM: 'xterm-256color', ...environment},
    extendEnv: false,
    stripFinalNewline: false,
    stdin: 'pipe',
    reject: false,
    timeout: 30_000,
  });
  let shown = '';
  child.stdout.on('data', (chunk) => {
    const before = shown;
    shown += String(chunk);
    if (interruptAt === undefined || before.includes(interruptAt) || !shown.includes(interruptAt)) return;
    child.stdin.write('\u0003');
  });
  const {timedOut, stdout} = await child;
  if (timedOut) throw new Error(`it did not end:\n${stdout}`);
  return stdout;
}

test('what stays on a terminal: ends, failures and what was said', async (t) => {
  const {lines, cursor} = seenOnTerminal(await onTerminal('whole'));
  t.deepEqual(lines, [
    'the mirror deb.example.org does not answer; going on with the next',
    '✔ debian-12 built in 21 s, 89.3 MB, 20261123T153000Z',
    '✘ debian-13 failed in 12 s: configure, locale en_US.UTF-8: locale-gen ended with exit code 1',
    '    Generating locales...',
    '    cannot create locale archive: No space left on device',
    '  log: output/logs/debian-13.log',
    '  try: Make room in the tree,',
    '       or build it on the disk: --tree disk',
    'the end',
    '',
  ]);
  t.is(cursor, 'shown');
});

test('while it runs, the templates in work are below what was said', async (t) => {
  const output = await onTerminal('endless', {interruptAt: '1 s'});
  const {lines, cursor} = seenOnTerminal(output.slice(0, output.indexOf('^C')));
  t.is(lines[0], 'the mirror deb.example.org does not answer; going on with the next');
  t.regex(lines[1] ?? '', /^debian-12 {2}bootstrap {2}mmdebstrap {10,}━━━━━━━━──────── {2}50 % +\d s$/);
  t.regex(lines[2] ?? '', /^debian-13 {2}configure {2}locale en_US\.UTF-8 {10,}\d s$/);
  t.deepEqual(lines.slice(3), ['1 waiting', '']);
  t.is(cursor, 'hidden');
});

test('the cursor comes back when Ctrl-C ends the process', async (t) => {
  t.is(seenOnTerminal(await onTerminal('endless', {interruptAt: '1 waiting'})).cursor, 'shown');
});

test('the cursor comes back when Ctrl-C cancels the run, and what happened is said', async (t) => {
  const {lines, cursor} = seenOnTerminal(await onTerminal('cancelled', {interruptAt: '1 waiting'}));
  t.is(cursor, 'shown');
  t.deepEqual(lines.slice(1), [
    '! debian-12 interrupted after 2 s',
    '! debian-13 interrupted after 2 s',
    'the end',
    '',
  ]);
});

test('colours on a terminal, none with NO_COLOR', async (t) => {
  t.true((await onTerminal('whole')).includes('\u001B[32m✔\u001B[39m'));
  const plain = await onTerminal('whole', {environment: {NO_COLOR: '1'}});
  for (const style of ['1m', '2m', '31m', '32m', '36m']) t.false(plain.includes(`\u001B[${style}`));
});

test('in CI nothing is redrawn, even where it gives a terminal', async (t) => {
  const output = await onTerminal('whole', {environment: {CI: 'true', NO_COLOR: '1'}});
  t.is(output, stripVTControlCharacters(output));
  t.true(output.includes(' 0 s  debian-13  configure: locale en_US.UTF-8'));
});
