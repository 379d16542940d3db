import {type ChildProcess, spawn} from 'node:child_process';
import {type FSWatcher, watch} from 'node:fs';
import {type FileHandle, mkdir, open, stat} from 'node:fs/promises';
import {dirname} from 'node:path';
import {text} from 'node:stream/consumers';
import {Failure} from '../failure.ts';
import {programEnvironment} from './environment.ts';

export interface LockOptions {
  /** Called once when somebody else has the lock, before waiting for it. */
  readonly onWait?: () => void;
  /** Ends the waiting; a lock that is held stays held. */
  readonly signal?: AbortSignal | undefined;
}

/** A lock that is held until it is disposed of. */
export interface Lock extends AsyncDisposable {
  /** Aborts with a Failure when the file is removed or replaced, after which another process can lock it too. */
  readonly signal: AbortSignal;
}

/** The exit code by which flock(1) says that somebody else has the lock; none of its own. */
const held = 75;

/**
 * Takes an exclusive lock on a file, which it makes where there is none.
 *
 * The lock is flock(2)'s. flock(1) takes it on a file that this process has opened and ends: the lock belongs to the
 * open file, so the kernel releases it when this process ends, in whatever way, and nobody else can. A lock is never
 * stale, and a lock file that was left behind means nothing.
 */
export async function lock(path: string, options: LockOptions = {}): Promise<Lock> {
  await mkdir(dirname(path), {recursive: true});
  let told = false;
  for (;;) {
    const file = await openFile(path);
    try {
      if (!(await take(file, path, ['--nonblock']))) {
        if (!told) options.onWait?.();
        told = true;
        await take(file, path, [], options.signal);
      }
      // while this one waited, the file may have been removed, and another made and locked
      if (await leadsTo(path, file)) return holding(file, path);
    } catch (error) {
      await file.close();
      throw error;
    }
    await file.close();
  }
}

async function openFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a');
  } catch (error) {
    throw unlockable(path, error instanceof Error ? error.message : String(error));
  }
}

/** Whether the lock is this process's now; false when somebody else has it. */
async function take(
  {fd}: FileHandle,
  path: string,
  flags: readonly string[],
  signal?: AbortSignal,
): Promise<boolean> {
  signal?.throwIfAborted();
  const argv = ['--exclusive', '--conflict-exit-code', String(held), ...flags, '3'];
  const child = spawn('flock', argv, {
    detached: true, // a Ctrl-C at the terminal ends the waiting by our signal
    stdio: ['ignore', 'ignore', 'pipe', fd],
    env: programEnvironment(),
    ...(signal === undefined ? {} : {signal}),
  });
  child.on('error', () => undefined); // text() below ends, and the exit code is none
  const [said, exitCode] = await Promise.all([
    child.stderr === null ? '' : text(child.stderr),
    exitCodeOf(child),
  ]);
  if (exitCode === 0) return true;
  signal?.throwIfAborted();
  if (exitCode === held) return false;
  throw unlockable(path, said.trim() || 'flock does not run');
}

function exitCodeOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => {
    child.once('close', resolve);
    child.once('error', () => resolve(null));
  });
}

function unlockable(path: string, why: string): Failure {
  return new Failure(`cannot lock ${path}: ${why}`, {
    kind: 'machine',
    remedy: 'flock comes with util-linux; the folder must be writable.',
  });
}

/** Whether a path is still the file that was opened. */
async function leadsTo(path: string, file: FileHandle): Promise<boolean> {
  const [there, ours] = await Promise.all([stat(path).catch(() => undefined), file.stat()]);
  return there?.ino === ours.ino && there.dev === ours.dev;
}

function holding(file: FileHandle, path: string): Lock {
  const controller = new AbortController();
  const look = async () => {
    if (await leadsTo(path, file)) return;
    watcher.close();
    controller.abort(
      new Failure(`the lock ${path} was removed while it was held`, {
        kind: 'machine',
        remedy: 'Nothing but the program itself removes lock files. Run the command again.',
      }),
    );
  };
  // an unlinked file loses a link, which is a change of it
  const watcher: FSWatcher = watch(path, {persistent: false}, () => void look().catch(() => undefined));
  watcher.on('error', () => undefined);
  return {
    signal: controller.signal,
    async [Symbol.asyncDispose]() {
      watcher.close();
      await file.close();
    },
  };
}
