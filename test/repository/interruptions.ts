import fs, {type FileHandle} from 'node:fs/promises';
import {syncBuiltinESMExports} from 'node:module';

type Call = (...operands: unknown[]) => unknown;

/** What changes what others see of a file system; `open` where it makes a file, and then the handle's own. */
const changing = ['mkdir', 'link', 'symlink', 'rename', 'rm', 'utimes', 'chmod', 'copyFile', 'open'] as const;
const writing = ['writeFile', 'chmod', 'utimes'] as const;

/**
 * Calls back before each operation of this process that changes the file system; a write or a copy has then got half
 * way. The moments are the same in every run, and every state in between is met. The operation goes on when the
 * promise is kept.
 */
export function beforeEachChange(next: () => Promise<void>): void {
  for (const name of changing) {
    wrap(fs, name, (original) => async (...operands) => {
      if (name === 'copyFile') await halfCopied(String(operands[0]), String(operands[1]), next);
      else if (makes(name, operands)) await next();
      const result = await original(...operands);
      if (name === 'open') watchHandle(result, next);
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
  return name !== 'open' || /^[wa]/.test(String(flags));
}

function watchHandle(handle: unknown, next: () => Promise<void>): void {
  if (!isFileHandle(handle)) return;
  for (const name of writing) {
    wrap(handle, name, (original) => async (content, ...others) => {
      if (name === 'writeFile') {
        const text = String(content);
        await original(text.slice(0, text.length / 2));
        await next();
        return await original(text.slice(text.length / 2)); // goes on where the first half ended
      }
      await next();
      return await original(content, ...others);
    });
  }
}

function isFileHandle(value: unknown): value is FileHandle {
  return typeof value === 'object' && value !== null && 'fd' in value && 'sync' in value;
}

const {appendFile, readFile, unlink} = fs;

async function halfCopied(source: string, path: string, next: () => Promise<void>): Promise<void> {
  const content = await readFile(source);
  await appendFile(path, content.subarray(0, content.length / 2));
  await next();
  await unlink(path);
}

function wrap(owner: object, name: string, wrapper: (original: Call) => Call): void {
  const original: unknown = Reflect.get(owner, name);
  if (typeof original !== 'function') throw new Error(`there is no ${name}`);
  Object.assign(owner, {
    [name]: wrapper((...operands) => Reflect.apply(original, owner, operands)),
  });
}
