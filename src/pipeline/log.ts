import {once} from 'node:events';
import {createWriteStream} from 'node:fs';
import {Failure} from '../failure.ts';
import {visible} from '../host/visible.ts';

/** A build's log file: every stage, step, command and what it printed, in bounds. */
export interface BuildLog extends AsyncDisposable {
  readonly path: string;
  line(text: string): void;
  /** Begins a part with a title of its own: a step. */
  part(title: string): void;
  /** Waits until every line is in the file; throws a Failure of kind `machine` when one could not be written. */
  flush(): Promise<void>;
  /** The last lines so far, for an error. */
  tail(): readonly string[];
}

/** Characters that are kept. */
export interface LogBounds {
  /** Of a part's beginning. */
  readonly beginning: number;
  /** Of a part's end. */
  readonly end: number;
  /** Of the beginnings of all parts; what comes after them has an end only. */
  readonly whole: number;
}

const usual: LogBounds = {beginning: 2 ** 20, end: 2 ** 18, whole: 8 * 2 ** 20};

/** How many last lines an error repeats. */
const lastLines = 15;

/** Opens a log. Of a part that is too long for its bounds the middle is left out, which the log says with its size. */
export async function openLog(path: string, bounds: LogBounds = usual): Promise<BuildLog> {
  const stream = createWriteStream(path, {flags: 'a'});
  await once(stream, 'open');
  let broken: Error | undefined;
  stream.on('error', (error) => (broken ??= error)); // the work goes on; flush() tells
  const last: string[] = [];
  const end = ending(bounds.end);
  let beginning = 0;
  let whole = 0;
  const write = (text: string) => stream.write(`${text}\n`);
  const close = () => {
    for (const text of end.take()) write(text);
    beginning = 0;
  };
  const line = (text: string) => {
    const shown = visible(text);
    last.push(shown);
    if (last.length > lastLines) last.shift();
    if (beginning + shown.length > bounds.beginning || whole + shown.length > bounds.whole) {
      beginning = Number.POSITIVE_INFINITY; // a shorter line does not come before a longer one
      end.add(shown);
      return;
    }
    beginning += shown.length + 1;
    whole += shown.length + 1;
    write(shown);
  };
  return {
    path,
    line,
    part(title) {
      close();
      write(`== ${visible(title)}`);
    },
    async flush() {
      close();
      await new Promise<void>((resolve) => {
        stream.write('', (error) => {
          broken ??= error ?? undefined;
          resolve();
        });
      });
      if (broken === undefined) return;
      throw new Failure(`the log cannot be written: ${broken.message}`, {
        kind: 'machine',
        remedy: 'Free some space, or name another folder with --output.',
        log: path,
        cause: broken,
      });
    },
    tail: () => [...last],
    async [Symbol.asyncDispose]() {
      close();
      stream.end();
      // not once(): an error that flush() tells is no failure of the closing
      if (!stream.closed) await new Promise<void>((resolve) => stream.once('close', () => resolve()));
    },
  };
}

/** The last lines of a part, as many as fit, and how much came before them. */
function ending(room: number) {
  let lines: string[] = [];
  let first = 0;
  let characters = 0;
  let omitted = {lines: 0, characters: 0};
  return {
    add(line: string) {
      lines.push(line);
      characters += line.length + 1;
      for (; characters > room && first < lines.length - 1; first += 1) {
        const length = (lines[first]?.length ?? 0) + 1;
        characters -= length;
        omitted.lines += 1;
        omitted.characters += length;
      }
      // what has been passed over is dropped now and then: shifting an array line by line is slow
      if (first > 10_000) {
        lines = lines.slice(first);
        first = 0;
      }
    },
    /** Gives what there is and begins anew. */
    take(): string[] {
      const {lines: count, characters: size} = omitted;
      const note = `… ${count} lines (${(size / 2 ** 20).toFixed(1)} MiB) are left out here …`;
      const taken = [...(count > 0 ? [note] : []), ...lines.slice(first)];
      lines = [];
      first = 0;
      characters = 0;
      omitted = {lines: 0, characters: 0};
      return taken;
    },
  };
}
