import type {ChildProcess} from 'node:child_process';
import {Readable, type Writable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {execa} from 'execa';
import {Failure} from '../failure.ts';
import {programEnvironment} from './environment.ts';
import {cutLine, eachLine} from './lines.ts';
import {saysNoSpace} from './no-space.ts';
import {conceal} from './secrets.ts';
import {anySignal} from './signals.ts';
import {untilSilent} from './silence.ts';

export interface CommandOptions {
  /** Standard input: text, bytes or a stream; none unless given. */
  readonly input?: string | Uint8Array | Readable | undefined;
  /** Variables beside those that every program of ours gets. */
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
  /**
   * Called when the command has ended or was killed, before its outputs are closed: ends what it left running. What it
   * throws is the command's failure.
   */
  readonly ended?: ((killed: boolean) => Promise<void>) | undefined;
}

export interface CommandResult {
  readonly stdout: string;
  /** Absent when a signal ended the command. */
  readonly exitCode: number | undefined;
  /** The last lines of both outputs, after the first that told of a full file system, wherever that was. */
  readonly lastLines: readonly string[];
}

/** How many of a command's last lines an error repeats. */
const lastLinesKept = 15;

/** Characters of a line that are logged and repeated. */
const longestLine = 16_384;

/** Characters of standard output that are collected as an answer, in one line or in many. */
const longestAnswer = 32 * 2 ** 20;

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
    extendEnv: false,
    env: programEnvironment(options.env),
    ...(options.limit === undefined ? {} : {timeout: options.limit * 1000}),
    ...(options.signal === undefined ? {} : {cancelSignal: options.signal}),
  });
  const {stdout: out, stderr: err, nodeChildProcess} = child;
  const over = endOf(options);
  const ending = new Promise<void>((resolve, reject) => {
    nodeChildProcess.once('error', () => resolve()); // it has not been started
    nodeChildProcess.once('exit', (_code, signal) => {
      letGo([out, err], signal !== null, over, options.ended).then(resolve, reject);
    });
  });
  const answer = collector(title, options);
  const stdout =
    options.sink === undefined ? eachLine(out, answer.line, longestAnswer) : pipeline(out, options.sink);
  const stderr = eachLine(err, answer.remark, longestLine);
  const [outputs, result] = await Promise.all([
    Promise.allSettled([feed(options.input, nodeChildProcess), stdout, stderr, ending]),
    child,
  ]);
  options.signal?.throwIfAborted();
  const lastLines = answer.lastLines();
  if (result.timedOut) {
    throw new Failure(`${title} took longer than ${options.limit} s`, {
      lastLines,
      remedy: 'Raise the limit in the configuration (limits) if the machine or the mirror is slow.',
    });
  }
  if (result.code === 'ENOENT') {
    throw new Failure(`${program} is not installed`, {kind: 'machine', remedy: 'Run `npm run setup`.'});
  }
  const [, , , end] = outputs;
  if (end.status === 'rejected')
    throw end.reason instanceof Failure ? end.reason.at(title, {lastLines}) : end.reason;
  const broken = outputs.find((output) => output.status === 'rejected');
  // why an output was not taken any more says more than how the command ended of it
  if (broken !== undefined && (result.exitCode === 0 || isCause(broken.reason))) throw broken.reason;
  if (mustSucceed && result.exitCode !== 0) {
    const how = result.signal === undefined ? `exit code ${result.exitCode}` : `signal ${result.signal}`;
    throw new Failure(`${title} failed with ${how}`, {lastLines, cause: broken?.reason});
  }
  return {stdout: answer.text(), exitCode: result.exitCode, lastLines};
}

/** Whether an output or input broke by itself, at the system's error or ours; not because the command had ended. */
function isCause(reason: unknown): boolean {
  if (reason instanceof Failure) return true;
  return reason instanceof Error && 'syscall' in reason && !('code' in reason && reason.code === 'EPIPE');
}

/** Takes a command's lines: its standard output is the answer, and both are logged and remembered. */
function collector(title: string, {log, quiet = false}: CommandOptions) {
  const lastLines: string[] = [];
  const collected: string[] = [];
  let characters = 0;
  let full: string | undefined;
  const remark = (line: string) => {
    const kept = cutLine(conceal(line), longestLine);
    if (full === undefined && saysNoSpace.test(kept)) full = kept;
    lastLines.push(kept);
    if (lastLines.length > lastLinesKept) lastLines.shift();
    log?.(kept);
  };
  return {
    // a program goes on after a write has failed, and what it says in the end is about something else
    lastLines: () => (full === undefined || lastLines.includes(full) ? lastLines : [full, ...lastLines]),
    remark,
    line(line: string) {
      characters += line.length + 1;
      if (characters <= longestAnswer) collected.push(line);
      else collected.length = 0;
      if (!quiet) remark(line);
    },
    text(): string {
      if (characters <= longestAnswer) return collected.join('\n');
      if (!quiet) return ''; // a story that was logged, which nobody asked for as an answer
      throw new Failure(`${title} printed more than ${longestAnswer / 2 ** 20} MiB`, {lastLines});
    },
  };
}

/**
 * Closes the outputs of a command that has ended: what it started elsewhere, in the background or as a daemon, may keep
 * them open for ever. What was printed before is read first, as far as it is taken.
 */
async function letGo(
  outputs: readonly Readable[],
  killed: boolean,
  over: AbortSignal,
  ended: CommandOptions['ended'],
): Promise<void> {
  const close = () => {
    for (const output of outputs) output.destroy();
  };
  if (killed || over.aborted) close();
  over.addEventListener('abort', close, {once: true});
  try {
    await ended?.(killed);
    await Promise.all(outputs.map(untilSilent));
  } finally {
    over.removeEventListener('abort', close);
    close();
  }
}

/** Aborts when a command may take no longer, also one that has exited while its outputs are still open. */
function endOf({limit, signal}: CommandOptions): AbortSignal {
  return anySignal(signal, limit === undefined ? undefined : AbortSignal.timeout(Math.ceil(limit * 1000)));
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
