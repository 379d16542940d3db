import {mkdir} from 'node:fs/promises';
import {dirname} from 'node:path';
import {execa} from 'execa';
import {Failure} from '../failure.ts';

export interface LockOptions {
  /** Called once when somebody else has the lock, before waiting for it. */
  readonly onWait?: () => void;
  /** Ends the waiting; a lock that is held stays held. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Takes an exclusive lock on a file and holds it until disposed of.
 *
 * The lock is flock(2)'s, held by a child that ends with its standard input: the kernel releases it when this
 * process ends, in whatever way, so a lock is never stale and a lock file that was left behind means nothing.
 */
export async function lock(path: string, options: LockOptions = {}): Promise<AsyncDisposable> {
  await mkdir(dirname(path), {recursive: true});
  const immediate = await hold(['--nonblock'], path, options.signal);
  if (immediate !== undefined) return immediate;
  options.onWait?.();
  const waited = await hold([], path, options.signal);
  if (waited === undefined) throw new Failure(`cannot lock ${path}`, {kind: 'machine'});
  return waited;
}

async function hold(
  flags: readonly string[],
  path: string,
  signal: AbortSignal | undefined,
): Promise<AsyncDisposable | undefined> {
  signal?.throwIfAborted();
  const child = execa(
    'flock',
    ['--exclusive', ...flags, '--conflict-exit-code', '75', path, '-c', 'echo held; exec cat'],
    {
      detached: true, // a Ctrl-C at the terminal must not take the lock away
      stdin: 'pipe',
      stdout: 'pipe',
      reject: false,
      buffer: {stdout: false, stderr: true},
    },
  );
  // only the waiting ends with the signal: who has the lock keeps it until it has cleaned up
  const giveUp = () => void child.kill();
  signal?.addEventListener('abort', giveUp, {once: true});
  const held = await Promise.race([
    new Promise<boolean>((resolve) => child.stdout.once('data', () => resolve(true))),
    child.then(() => false),
  ]);
  signal?.removeEventListener('abort', giveUp);
  if (held) {
    return {
      async [Symbol.asyncDispose]() {
        child.stdin.end();
        await child;
      },
    };
  }
  const result = await child;
  if (result.exitCode === 75) return undefined;
  signal?.throwIfAborted();
  throw new Failure(`cannot lock ${path}: ${result.stderr || result.shortMessage}`, {
    kind: 'machine',
    remedy: 'flock comes with util-linux; the folder must be writable.',
  });
}
