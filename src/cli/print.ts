import {visible, visibleJson} from '../host/visible.ts';

/** Prints a line, or a few, in which nothing acts on a terminal: on standard output unless another stream is given. */
export function print(text: string, stream: NodeJS.WritableStream = process.stdout): void {
  stream.write(`${visible(text)}\n`);
}

/** Prints a value for programs as JSON, which is as harmless on a terminal: indented by two spaces, or on one line by 0. */
export function printJson(value: unknown, indentation = 2): void {
  process.stdout.write(`${visibleJson(value, indentation)}\n`);
}
