import type {TemplateEvent} from '../../event.ts';
import {showSeconds} from './amounts.ts';
import {type Board, emptyBoard, follow} from './board.ts';
import {renderEnd, renderScenario} from './lines.ts';
import type {Screen, View} from './reporter.ts';
import {hasColour, indented, painter, printable} from './text.ts';

/** Lines that stay, for a log: CI, a pipe, a file. */
export function openPlain(stream: Screen): View {
  const colour = hasColour(stream);
  let board = emptyBoard;
  let nameWidth = 0;
  const print = (text: string) => stream.write(`${text}\n`);
  return {
    show(event) {
      const now = performance.now() / 1000;
      board = follow(board, event, now);
      nameWidth = Math.max(nameWidth, event.template.length);
      const text = renderEvent(event, {seconds: secondsOf(board, event, now), nameWidth, colour});
      if (text !== undefined) print(text);
    },
    print,
    finish() {},
  };
}

export interface LineLook {
  /** Seconds since the template started. */
  readonly seconds: number;
  /** The width of the longest name so far. */
  readonly nameWidth: number;
  readonly colour: boolean;
}

/**
 * An event as lines of a log, the template's time in front. Undefined for what a log is better without: waiting,
 * progress, and stages, as every step names its own.
 */
export function renderEvent(
  event: TemplateEvent,
  {seconds, nameWidth, colour}: LineLook,
): string | undefined {
  const text = textOf(event, colour);
  if (text === undefined) return undefined;
  const time = `${showSeconds(seconds).padStart(7)}  `;
  const [first = '', ...rest] = text.split('\n');
  // An end names its template by itself.
  const name = event.type === 'finished' ? '' : `${event.template.padEnd(nameWidth)}  `;
  return [`${painter(colour)('dim', time)}${name}${first}`, ...indented(rest, time.length)].join('\n');
}

function textOf(event: TemplateEvent, colour: boolean): string | undefined {
  switch (event.type) {
    case 'started':
      return `log: ${printable(event.log)}`;
    case 'step':
      return `${event.stage}: ${printable(event.step)}`;
    case 'note':
      return event.message.split('\n').map(printable).join('\n');
    case 'scenario':
      return renderScenario(event, colour);
    case 'finished':
      return renderEnd(event.template, event, colour);
    case 'waiting':
    case 'stage':
    case 'progress':
      return undefined;
  }
}

function secondsOf(board: Board, event: TemplateEvent, now: number): number {
  if (event.type === 'finished') return event.seconds;
  return now - (board.working.get(event.template)?.since ?? now);
}
