import {once} from 'node:events';
import {createWriteStream} from 'node:fs';

/** A build's log file: every stage, step, command and what it printed. */
export interface BuildLog extends AsyncDisposable {
  readonly path: string;
  line(text: string): void;
  /** Waits until every line is in the file. */
  flush(): Promise<void>;
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
    flush: () => new Promise((resolve) => stream.write('', () => resolve())),
    tail: () => [...last],
    async [Symbol.asyncDispose]() {
      stream.end();
      if (!stream.closed) await once(stream, 'close');
    },
  };
}
