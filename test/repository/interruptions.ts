import fs, {type FileHandle} from 'node:fs/promises';
import {syncBuiltinESMExports} from 'node:module';

type Call = (...operands: unknown[]) => unknown;

/** What changes what others see of a file system; `open` where it makes a file, and then the handle's own. */
const changing = ['mkdir', 'link', 'symlink', 'rename', 'rm', 'utimes', 'chmod', 'copyFile', 'open'] as const;
const writing = ['writeFile', 'chmod', 'utimes'] as const;

/**
 * Ends this process by SIGKILL at its Nth operation that changes the file system, before it happens; a write or a copy
 * gets half way. Counting makes the moments the same in every run, and every state in between is met.
 */
export function killAt(moment: number): void {
  let count = 0;
  const reached = () => ++count === moment;
  for (const name of changing) {
    wrap(fs, name, (original) => async (...operands) => {
      if (makes(name, operands) && reached()) {
        if (name === 'copyFile') await halfCopy(String(operands[0]), String(operands[1]));
        process.kill(process.pid, 'SIGKILL');
      }
      const result = await original(...operands);
      if (name === 'open') watchHandle(result, reached);
      return result;
    });
  }
  syncBuiltinESMExports();
}

/** Makes this process meet a file system without hard links. */
export function withoutLinks(): void {
  wrap(fs, 'link', () => async () => {
    throw Object.assign(new Error('link: not here'), {code: 'EXDEV'});
  });
  syncBuiltinESMExports();
}

/** Whether a call changes anything: a file that is opened to be read or flushed stays as it is. */
function makes(name: string, [, flags]: readonly unknown[]): boolean {
  return name !== 'open' || String(flags).startsWith('w');
}

function watchHandle(handle: unknown, reached: () => boolean): void {
  if (!isFileHandle(handle)) return;
  for (const name of writing) {
    wrap(handle, name, (original) => async (content, ...others) => {
      if (reached()) {
        if (name === 'writeFile') await original(String(content).slice(0, String(content).length / 2));
        process.kill(process.pid, 'SIGKILL');
      }
      return await original(content, ...others);
    });
  }
}

function isFileHandle(value: unknown): value is FileHandle {
  return typeof value === 'object' && value !== null && 'fd' in value && 'sync' in value;
}

async function halfCopy(source: string, path: string): Promise<void> {
  const content = await fs.readFile(source);
  await fs.appendFile(path, content.subarray(0, content.length / 2));
}

function wrap(owner: object, name: string, wrapper: (original: Call) => Call): void {
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== 'function') throw new Error(`there is no ${name}`);
  Object.assign(owner, {
    [name]: wrapper((...operands) => Reflect.apply(original, owner, operands)),
  });
}
