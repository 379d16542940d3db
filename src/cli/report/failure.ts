import {inspect} from 'node:util';
import {Failure} from '../../failure.ts';
import {hasColour, indented, painter, printable} from './text.ts';

export interface FailureLook {
  readonly colour?: boolean;
  /** What is said instead of the error's message, where it is told with more or with less around it. */
  readonly message?: string;
}

/** Prints an error, the only place that does while no reporter is open. */
export function printFailure(error: unknown, stream: NodeJS.WritableStream): void {
  stream.write(`${renderFailure(error, {colour: hasColour(stream)})}\n`);
}

/**
 * An error for people, without a line break at its end. A Failure says what happened, what the failed program
 * printed last, where the log is and what to try. Anything else is a mistake of ours: its stack, and what to do.
 */
export function renderFailure(error: unknown, {colour = false, message}: FailureLook = {}): string {
  const paint = painter(colour);
  const [first = '', ...rest] = (message ?? messageOf(error)).split('\n').map(printable);
  const head = [`${paint('red', '✘')} ${first}`, ...indented(rest, 2)];
  const details =
    error instanceof Failure
      ? [
          ...indented(error.lastLines.map(printable), 4).map((line) => paint('dim', line)),
          ...labelled('recipe', error.recipe),
          ...labelled('log', error.log),
          ...labelled('try', error.remedy),
        ]
      : labelled('try', mistakeRemedy);
  return [...head, ...details].join('\n');
}

/** An error as a JSON event has it. A Failure's `kind` decides the exit code; an error of ours is a `bug`. */
export function failureFields(error: unknown): Readonly<Record<string, unknown>> {
  if (!(error instanceof Failure)) return {kind: 'bug', message: messageOf(error)};
  const {kind, message, lastLines, recipe, log, remedy} = error;
  return {kind, message, lastLines, recipe, log, remedy};
}

const mistakeRemedy =
  'This is a bug in osctl-template. Please report it to the maintainers of vpsadminos-templates,\n' +
  'with the lines above, the command you ran and what `osctl-template doctor` prints.';

function messageOf(error: unknown): string {
  return error instanceof Failure ? error.message : inspect(error);
}

function labelled(label: string, text: string | undefined): string[] {
  const [first, ...rest] = text?.trimEnd().split('\n').map(printable) ?? [];
  return first === undefined ? [] : [`  ${label}: ${first}`, ...indented(rest, label.length + 4)];
}
