import type {ChildProcess} from 'node:child_process';
import {Readable, type Writable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {execa} from 'execa';
import {Failure} from '../failure.ts';

export interface CommandOptions {
  /** Standard input: text, bytes or a stream; none unless given. */
  readonly input?: string | Uint8Array | Readable | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Seconds after which the command is killed. */
  readonly limit?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Receives every line of both outputs. */
  readonly log?: ((line: string) => void) | undefined;
  /** Keeps standard output out of the log: it is an answer, not a story. */
  readonly quiet?: boolean | undefined;
  /** Takes standard output as bytes instead of collecting it as text. */
  readonly sink?: Writable | undefined;
  /** What the command is called in errors; its first word unless given. */
  readonly title?: string | undefined;
}

export interface CommandResult {
  readonly stdout: string;
  /** Absent when a signal ended the command. */
  readonly exitCode: number | undefined;
  /** The last lines of both outputs. */
  readonly lastLines: readonly string[];
}

/** How many of a command's last lines an error repeats. */
const lastLinesKept = 15;

/**
 * Runs a command on this machine, logs what it prints, and gives its standard output.
 * Throws a Failure with the command's last lines when it exits with anything but 0.
 */
export async function command(argv: readonly string[], options: CommandOptions = {}): Promise<string> {
  return (await run(argv, options, true)).stdout;
}

/** The same for a command whose exit code is an answer: only a timeout, an abort or a missing program throws. */
export async function tryCommand(
  argv: readonly string[],
  options: CommandOptions = {},
): Promise<CommandResult> {
  return run(argv, options, false);
}

async function run(argv: readonly string[], options: CommandOptions, mustSucceed: boolean) {
  const [program = '', ...args] = argv;
  const title = options.title ?? program;
  options.signal?.throwIfAborted();
  const child = execa(program, args, {
    reject: false,
    buffer: false,
    stdin: options.input === undefined ? 'ignore' : 'pipe',
    stdout: 'pipe',
    stderr: 'pipe',
    // a Ctrl-C at the terminal reaches us alone, and we end what we started in order
    detached: true,
    cleanup: true,
    forceKillAfterDelay: 1000,
    // what programs say is recognised in places, so they say it in English
    env: {LC_ALL: 'C.UTF-8', ...options.env},
    ...(options.limit === undefined ? {} : {timeout: options.limit * 1000}),
    ...(options.signal === undefined ? {} : {cancelSignal: options.signal}),
  });
  // what a command started elsewhere, in a container or in the background, may keep the outputs open
  const letGo = () => {
    child.stdout.destroy();
    child.stderr.destroy();
  };
  const over = endOf(options);
  child.nodeChildProcess.once('exit', (_code, signal) => {
    if (signal !== null || over.aborted) letGo();
    else over.addEventListener('abort', letGo, {once: true});
  });
  const lastLines: string[] = [];
  const collected: string[] = [];
  const remember = (line: string) => {
    lastLines.push(line);
    if (lastLines.length > lastLinesKept) lastLines.shift();
  };
  const stdout = () => {
    if (options.sink !== undefined) return pipeline(child.stdout, options.sink);
    return eachLine(child.stdout, (line) => {
      collected.push(line);
      if (options.quiet === true) return;
      remember(line);
      options.log?.(line);
    });
  };
  const stderr = () =>
    eachLine(child.stderr, (line) => {
      remember(line);
      options.log?.(line);
    });
  const [outputs, result] = await Promise.all([
    Promise.allSettled([feed(options.input, child.nodeChildProcess), stdout(), stderr()]),
    child,
  ]);
  options.signal?.throwIfAborted();
  if (result.timedOut) {
    throw new Failure(`${title} took longer than ${options.limit} s`, {
      lastLines,
      remedy: 'Raise the limit in the configuration (limits) if the machine or the mirror is slow.',
    });
  }
  if (result.code === 'ENOENT') {
    throw new Failure(`${program} is not installed`, {kind: 'machine', remedy: 'Run `npm run setup`.'});
  }
  const broken = outputs.find((output) => output.status === 'rejected');
  if (broken !== undefined && result.exitCode === 0) throw broken.reason;
  if (mustSucceed && result.exitCode !== 0) {
    const how = result.signal === undefined ? `exit code ${result.exitCode}` : `signal ${result.signal}`;
    throw new Failure(`${title} failed with ${how}`, {lastLines, cause: broken?.reason});
  }
  return {stdout: collected.join('\n'), exitCode: result.exitCode, lastLines};
}

/** Aborts when a command may take no longer, also one that has exited while its outputs are still open. */
function endOf({limit, signal}: CommandOptions): AbortSignal {
  return AbortSignal.any([
    ...(signal === undefined ? [] : [signal]),
    ...(limit === undefined ? [] : [AbortSignal.timeout(Math.ceil(limit * 1000))]),
  ]);
}

/**
 * Writes a command's standard input. A command may end before it has read everything: tar stops at the end of the
 * archive. The rest of a stream is then read and dropped if it ended well, so that who writes it ends well too.
 */
async function feed(input: CommandOptions['input'], child: ChildProcess): Promise<void> {
  const {stdin} = child;
  if (input === undefined || stdin === null) return;
  stdin.on('error', () => undefined); // its exit code says why
  if (!(input instanceof Readable)) {
    stdin.end(input);
    return;
  }
  child.once('exit', (code) => {
    if (code !== 0) input.destroy();
  });
  const closed = new Promise<void>((resolve) => stdin.once('close', resolve));
  try {
    for await (const chunk of input) {
      if (!stdin.writable || stdin.write(chunk)) continue;
      await Promise.race([closed, new Promise<void>((resolve) => stdin.once('drain', resolve))]);
    }
  } finally {
    stdin.end();
  }
}

/** Calls back with every line until the stream ends or is destroyed. */
async function eachLine(stream: Readable, onLine: (line: string) => void): Promise<void> {
  let rest = '';
  stream.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    // a line that was drawn over, to show progress, counts as it was last
    for (const line of lines) onLine(line.slice(line.lastIndexOf('\r', line.length - 2) + 1).trimEnd());
  });
  await new Promise<void>((resolve) => stream.once('close', () => resolve()));
  if (rest !== '') onLine(rest);
}
