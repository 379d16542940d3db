import {once} from 'node:events';
import {createWriteStream} from 'node:fs';
import {readFile} from 'node:fs/promises';

/** A build's log file: every stage, step, command and what it printed. */
export interface BuildLog extends AsyncDisposable {
  readonly path: string;
  line(text: string): void;
  /** The last lines so far, for an error. */
  tail(): readonly string[];
}

const kept = 15;

export async function openLog(path: string): Promise<BuildLog> {
  const stream = createWriteStream(path, {flags: 'a'});
  await once(stream, 'open');
  stream.on('error', () => undefined); // a full disk ends the build by itself; the log must not end the process
  const last: string[] = [];
  return {
    path,
    line(text) {
      stream.write(`${text}\n`);
      last.push(text);
      if (last.length > kept) last.shift();
    },
    tail: () => [...last],
    async [Symbol.asyncDispose]() {
      stream.end();
      if (!stream.closed) await once(stream, 'close');
    },
  };
}

/** A log's text, without escape sequences of terminals. */
export async function readLog(path: string): Promise<string> {
  const text = await readFile(path, 'utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what an escape sequence begins with
  return text.replace(/\u001b\[[0-9;?]*[A-Za-z]/g, '');
}
