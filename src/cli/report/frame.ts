import {showSeconds} from './amounts.ts';
import type {Board, Work} from './board.ts';
import {type Paint, painter, printable, truncated} from './text.ts';

export interface FrameSize {
  readonly columns: number;
  readonly rows: number;
}

/**
 * The lines that are redrawn: one a template in work, as many as fit, and how many others there are. None is wider
 * than the terminal. `now` is in the seconds of the board's clock.
 */
export function renderFrame(
  board: Board,
  now: number,
  {columns, rows}: FrameSize,
  colour: boolean,
): string[] {
  const paint = painter(colour);
  const width = Math.min(columns, widest);
  const all = [...board.working];
  const room = rows - 1; // the cursor is on a line of its own, below
  const counted = board.waiting.size > 0 || all.length > room;
  const shown = all.slice(0, Math.max(1, counted ? room - 1 : room));
  const longest = Math.max(0, ...shown.map(([template]) => template.length));
  const nameWidth = Math.min(longest, Math.floor(width * 0.4));
  return [
    ...shown.map(([template, work]) => renderWork(template, work, now, {width, nameWidth, paint})),
    ...others(all.length - shown.length, board.waiting.size).map((line) =>
      paint('dim', truncated(line, width)),
    ),
  ];
}

/** Lines longer than this are hard to follow with the eye. */
const widest = 110;
const widthWithBar = 70;
const narrow = 40;
const barWidth = 16;
const stageWidth = 'bootstrap'.length;

interface Layout {
  readonly width: number;
  readonly nameWidth: number;
  readonly paint: Paint;
}

/** `debian-13  configure  locale en_US.UTF-8      ━━━━━━━━────────  50 %    12 s`; of a narrow terminal, its begin. */
function renderWork(template: string, work: Work, now: number, {width, nameWidth, paint}: Layout): string {
  const name = truncated(template, nameWidth).padEnd(nameWidth);
  const doing = `  ${(work.stage ?? '').padEnd(stageWidth)}  ${printable(work.step ?? '')}`;
  if (width < narrow) return truncated(name + doing, width);
  const elapsed = showSeconds(now - work.since).padStart(8);
  const percent = work.fraction === undefined ? '' : `${Math.round(work.fraction * 100)} %`.padStart(6);
  const bar = work.fraction === undefined || width < widthWithBar ? '' : `  ${drawnBar(work.fraction)}`;
  const left = width - nameWidth - bar.length - percent.length - elapsed.length;
  return [
    paint('bold', name),
    truncated(doing, left).padEnd(left),
    paint('cyan', bar),
    percent,
    paint('dim', elapsed),
  ].join('');
}

function drawnBar(fraction: number): string {
  const done = Math.floor(fraction * barWidth);
  return '━'.repeat(done) + '─'.repeat(barWidth - done);
}

function others(inWork: number, waiting: number): string[] {
  const counts = [
    ...(inWork > 0 ? [`${inWork} more in work`] : []),
    ...(waiting > 0 ? [`${waiting} waiting`] : []),
  ];
  return counts.length > 0 ? [counts.join(', ')] : [];
}
