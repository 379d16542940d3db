import {execa} from 'execa';
import {programEnvironment} from '../host/environment.ts';

/** Characters of what a terminal shows that are kept, the last ones: more than any screen. */
const longest = 65_536;

export interface Typing {
  readonly ready: RegExp;
  readonly line: string;
  readonly shown: RegExp;
  readonly limit: number;
}

/**
 * Types a line on a terminal that a command has, once the command shows that it is ready, and gives the end of what it has
 * shown: when that matches, or after `limit` seconds. The command is ended then. The terminal is script(1)'s.
 */
export async function typeInto(
  [program = '', ...args]: readonly string[],
  {ready, line, shown, limit}: Typing,
): Promise<string> {
  const child = execa(program, args, {
    stdin: 'pipe',
    stdout: 'pipe',
    stderr: 'ignore',
    reject: false,
    buffer: false,
    extendEnv: false,
    env: programEnvironment(),
  });
  const timer = setTimeout(() => child.kill(), limit * 1000);
  let text = '';
  child.stdin.on('error', () => undefined); // it may have ended
  let typed = false;
  try {
    for await (const chunk of child.stdout) {
      text = (text + String(chunk)).slice(-longest);
      if (!typed && ready.test(text)) typed = child.stdin.write(line) || true;
      if (shown.test(text)) break;
    }
  } finally {
    clearTimeout(timer);
    child.kill();
    await child;
  }
  return text;
}
