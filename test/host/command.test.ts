import {createWriteStream} from 'node:fs';
import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {PassThrough, Readable, Writable} from 'node:stream';
import test from 'ava';
import {Failure} from '../../src/failure.ts';
import {command, tryCommand} from '../../src/host/command.ts';
import {temporaryFolder} from './temporary.ts';

const shell = (script: string) => ['sh', '-c', script];

/** Resolves to the seconds something took. */
async function secondsOf(run: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await run();
  return (performance.now() - begun) / 1000;
}

test('standard output is the answer, and both outputs are the story', async (t) => {
  const story: string[] = [];
  const answer = await command(shell('echo one; echo two >&2; printf three'), {
    log: (line) => story.push(line),
  });
  t.is(answer, 'one\nthree');
  t.deepEqual([...story].sort(), ['one', 'three', 'two']);
});

test('a quiet answer stays out of the story', async (t) => {
  const story: string[] = [];
  await command(shell('echo secret; echo told >&2'), {quiet: true, log: (line) => story.push(line)});
  t.deepEqual(story, ['told']);
});

test('an exit code is an answer where it is asked for', async (t) => {
  t.like(await tryCommand(shell('echo said; exit 7')), {exitCode: 7, stdout: 'said', lastLines: ['said']});
});

test('a full file system that was told of long before the end comes first among the last lines', async (t) => {
  const line = 'cp: error writing: No space left on device';
  const failure = await t.throwsAsync(command(['sh', '-c', 'echo "$0"; seq 700; exit 3', line]), {
    instanceOf: Failure,
  });
  t.is(failure?.lastLines[0], line);
  t.is(failure?.lastLines.length, 16);
});

test('a command that fails tells how, with its last lines', async (t) => {
  const failure = await t.throwsAsync(command(shell('seq 100; echo why >&2; exit 3')), {
    instanceOf: Failure,
    message: 'sh failed with exit code 3',
  });
  t.is(failure?.lastLines.length, 15);
  t.true(failure?.lastLines.includes('why'));
  t.true(failure?.lastLines.includes('100'));
});

test('a command that a signal ended says which', async (t) => {
  await t.throwsAsync(command(shell('kill -SEGV $$'), {title: 'packing'}), {
    message: 'packing failed with signal SIGSEGV',
  });
});

test('a program that is not there is the machine’s failure', async (t) => {
  const failure = await t.throwsAsync(tryCommand(['no-such-program']), {instanceOf: Failure});
  t.is(failure?.message, 'no-such-program is not installed');
  t.is(failure?.kind, 'machine');
  t.regex(failure?.remedy ?? '', /npm run setup/);
});

test('progress drawn over one line counts as it was last', async (t) => {
  t.is(await command(shell(String.raw`printf '10%%\r50%%\r100%%\nnext\r\n'`)), '100%\nnext');
});

test('letters cut in two by the pipe are put together', async (t) => {
  const input = Buffer.from('ž'.repeat(100_000));
  t.is(await command(['cat'], {input}), input.toString());
});

test('bytes go to a sink as they are', async (t) => {
  const chunks: Buffer[] = [];
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      done();
    },
  });
  t.is(await command(shell(String.raw`printf 'a\0\377\n'`), {sink}), '');
  t.deepEqual(Buffer.concat(chunks), Buffer.from([0x61, 0, 0xff, 0x0a]));
});

test('the system’s error of a sink is told, not how the command ended of it', async (t) => {
  const full = createWriteStream('/dev/full');
  await t.throwsAsync(command(shell('head -c 1000000 /dev/zero || exit 141'), {sink: full}), {
    code: 'ENOSPC',
  });
});

test('a sink that fails is the failure', async (t) => {
  const sink = new Writable({write: (_chunk, _encoding, done) => done(new Error('disk full'))});
  await t.throwsAsync(command(shell('trap "" PIPE; yes 2>/dev/null | head -c 1000000; true'), {sink}));
});

test('input is text, bytes or a stream', async (t) => {
  t.is(await command(['cat'], {input: 'text'}), 'text');
  t.is(await command(['cat'], {input: Buffer.from('bytes')}), 'bytes');
  t.is(await command(['cat'], {input: Readable.from(['a', 'b'])}), 'ab');
  t.is(await command(['cat']), '');
});

test('a command may stop reading early: what is left of its input is dropped', async (t) => {
  const large = Buffer.alloc(10_000_000, 'x');
  t.is(await command(['head', '-c', '3'], {input: large}), 'xxx');
  t.is(await command(['head', '-c', '3'], {input: Readable.from(chunksOf(large))}), 'xxx');
});

test('a command that fails before it has read its input fails with its exit code', async (t) => {
  for (const input of [Buffer.alloc(10_000_000), Readable.from(chunksOf(Buffer.alloc(10_000_000)))]) {
    await t.throwsAsync(command(shell('exit 4'), {input}), {message: 'sh failed with exit code 4'});
  }
});

test('an input that breaks off is a failure, not a short input', async (t) => {
  const input = new PassThrough();
  const copying = command(['cat'], {input, limit: 5});
  input.write('half');
  input.destroy(new Error('the download broke off'));
  await t.throwsAsync(copying, {message: /broke off/});
});

test('a limit ends a command at once, with what it printed', async (t) => {
  const seconds = await secondsOf(async () => {
    const failure = await t.throwsAsync(
      command(shell('echo begun; exec sleep 60'), {limit: 0.3, title: 'apt'}),
      {
        instanceOf: Failure,
        message: 'apt took longer than 0.3 s',
      },
    );
    t.deepEqual(failure?.lastLines, ['begun']);
    t.regex(failure?.remedy ?? '', /limit/);
  });
  t.true(seconds < 3, `${seconds} s`);
});

test('also when something it started elsewhere keeps its outputs open', async (t) => {
  const folder = await temporaryFolder(t);
  const script = `setsid sh -c 'echo $$ > ${folder}/pid; exec sleep 60' & wait`;
  t.teardown(async () => process.kill(Number(await readFile(join(folder, 'pid'), 'utf8')), 'SIGKILL'));
  const seconds = await secondsOf(() => t.throwsAsync(command(shell(script), {limit: 0.3})));
  t.true(seconds < 3, `${seconds} s`);
});

test('also when it does not want to end', async (t) => {
  const script = 'trap "" TERM; while :; do sleep 0.1; done';
  const seconds = await secondsOf(() => t.throwsAsync(command(shell(script), {limit: 0.3})));
  t.true(seconds < 4, `${seconds} s`);
});

test('an abort ends a command with the reason given', async (t) => {
  const reason = new Failure('interrupted', {kind: 'interrupted'});
  const controller = new AbortController();
  const running = command(shell('echo begun; exec sleep 60'), {
    signal: controller.signal,
    log: () => controller.abort(reason),
  });
  t.is(await t.throwsAsync(running), reason);
});

test('what is aborted already does not begin', async (t) => {
  const folder = await temporaryFolder(t);
  const signal = AbortSignal.abort(new Error('stop'));
  await t.throwsAsync(command(['touch', join(folder, 'file')], {signal}), {message: 'stop'});
  await t.throwsAsync(readFile(join(folder, 'file')));
});

function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let offset = 0; offset < bytes.length; offset += 65_536) yield bytes.subarray(offset, offset + 65_536);
}

test('a command ends with its main process, whatever that left running with its outputs', async (t) => {
  const lines: string[] = [];
  const seconds = await secondsOf(async () => {
    const options = {limit: 60, log: (line: string) => lines.push(line)};
    const answer = await command(shell('echo $$ >&2; (sleep 20; echo late) & echo started'), options);
    t.is(answer, 'started');
  });
  t.true(seconds < 10, `took ${seconds} s`);
  t.false(lines.includes('late'));
});

test('nothing of what was printed is lost when the main process has ended', async (t) => {
  // the pipe holds more than is read at once, and something else keeps it open
  const answer = await command(shell('sleep 20 & seq 1 200000'), {limit: 60});
  t.is(answer.split('\n').length, 200_000);
  const sink = new Writable({
    highWaterMark: 1,
    write: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      setTimeout(done, 300); // slower than the silence that counts as an end
    },
  });
  let bytes = 0;
  await command(shell('sleep 20 & head -c 500000 /dev/zero'), {limit: 60, sink});
  t.is(bytes, 500_000);
});

test('an abort holds while somebody else keeps the outputs open', async (t) => {
  const controller = new AbortController();
  const started = (line: string) => line === 'started' && controller.abort(new Failure('enough'));
  const lingering = command(shell('sleep 20 & echo started'), {signal: controller.signal, log: started});
  const seconds = await secondsOf(() => t.throwsAsync(lingering, {message: 'enough'}));
  t.true(seconds < 10, `took ${seconds} s`);
});

test('of an endless line a log has the beginning, and how much more there was', async (t) => {
  const lines: string[] = [];
  const log = (line: string) => lines.push(line);
  await command(shell('head -c 40000000 /dev/zero | tr "\\0" x; echo; echo end'), {log});
  t.is(lines.length, 2);
  t.regex(lines[0] ?? '', /^x{16384} … and \d+ more characters in this line$/);
  t.is(lines[1], 'end');
});

test('an answer that nobody can hold is a failure; a story of that length is not', async (t) => {
  const endless = shell('head -c 40000000 /dev/zero | tr "\\0" "\\n"');
  await t.throwsAsync(command(endless, {quiet: true, title: 'listing'}), {
    message: 'listing printed more than 32 MiB',
  });
  t.is(await command(endless), '');
});

test('programs see nothing of the caller’s environment that changes what they do', async (t) => {
  process.env.TAR_OPTIONS = '--exclude=*.conf';
  process.env.APT_CONFIG = '/dev/null';
  t.teardown(() => {
    delete process.env.TAR_OPTIONS;
    delete process.env.APT_CONFIG;
  });
  const names = (await command(['env'])).split('\n').map((line) => line.split('=')[0] ?? '');
  const known = ['HOME', 'LC_ALL', 'LOGNAME', 'PATH', 'PWD', 'SHLVL', 'TERM', 'TMPDIR', 'USER', '_'];
  t.deepEqual(
    names.filter((name) => !known.includes(name)),
    [],
  );
});

test('tar packs everything, whatever TAR_OPTIONS say', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'kept.conf'), '');
  t.teardown(() => {
    delete process.env.TAR_OPTIONS;
  });
  process.env.TAR_OPTIONS = '--exclude=*.conf';
  await command(['tar', '--create', '--file', join(folder, 'a.tar'), '--directory', folder, 'kept.conf']);
  t.is(await command(['tar', '--list', '--file', join(folder, 'a.tar')]), 'kept.conf');
});
