import {createLogUpdate} from 'log-update';
import type {TemplateEvent} from '../../event.ts';
import {emptyBoard, follow} from './board.ts';
import {renderFrame} from './frame.ts';
import {renderEnd, renderScenario} from './lines.ts';
import type {Screen, View} from './reporter.ts';
import {hasColour, printable} from './text.ts';

const redrawMilliseconds = 100;

/**
 * A view that is redrawn at the end of a terminal, with the lines that stay above it. The cursor is hidden meanwhile;
 * it comes back with `finish`, when the process exits, and when a signal ends it.
 */
export function openLive(stream: Screen, columns?: number): View {
  const colour = hasColour(stream);
  const update = createLogUpdate(stream);
  const now = () => performance.now() / 1000;
  let board = emptyBoard;
  let open = true;

  const draw = () => {
    if (!open) return;
    const size = {columns: columns ?? stream.columns ?? 80, rows: stream.rows ?? 24};
    const frame = renderFrame(board, now(), size, colour);
    if (frame.length > 0) update(frame.join('\n'));
    else update.clear();
  };
  const print = (text: string) => {
    if (open) update.clear();
    // Not through log-update, which would break long lines: what is copied from a terminal must be whole.
    stream.write(`${text}\n`);
    draw();
  };
  const timer = setInterval(draw, redrawMilliseconds).unref();

  return {
    show(event) {
      board = follow(board, event, now());
      const text = renderPermanent(event, colour);
      if (text !== undefined) print(text);
      else if (event.type !== 'progress') draw(); // as often as a download has chunks: the timer shows it
    },
    print,
    finish() {
      if (!open) return;
      open = false;
      clearInterval(timer);
      update.clear();
      update.done();
    },
  };
}

/** What stays on the terminal: ends, notes, and what scenarios found unless all was well. */
export function renderPermanent(event: TemplateEvent, colour: boolean): string | undefined {
  switch (event.type) {
    case 'finished':
      return renderEnd(event.template, event, colour);
    case 'note':
      return `${event.template}: ${event.message.split('\n').map(printable).join('\n')}`;
    case 'scenario':
      if (event.outcome === 'passed' || event.outcome === 'not applicable') return undefined;
      return `${event.template}: ${renderScenario(event, colour)}`;
    default:
      return undefined;
  }
}
