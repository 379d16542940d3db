import type {TemplateEnd} from '../../event.ts';
import {showBytes, showSeconds} from './amounts.ts';
import {failureFields} from './failure.ts';
import {mark, reason} from './lines.ts';
import {painter, printable, truncated} from './text.ts';

/** What became of one template of a run. */
export type RunResult = {
  /** The template's short name. */
  readonly template: string;
} & (TemplateEnd | {readonly outcome: 'not started'});

export interface SummaryLook {
  /** Seconds the whole run took. */
  readonly seconds: number;
  /** 100 unless given. */
  readonly columns?: number;
  readonly colour?: boolean;
}

/** A table of all templates of a run, with the sums below, without a line break at its end. */
export function summaryTable(results: readonly RunResult[], look: SummaryLook): string {
  const {seconds, columns = 100, colour = false} = look;
  const rows = [header, ...results.map(cells)];
  const widths = header.map((_, index) => Math.max(...rows.map((row) => row[index]?.length ?? 0)));
  const [head = '', ...lines] = rows.map((row) => aligned(row, widths, columns - 2));
  return [
    `  ${painter(colour)('dim', head)}`,
    ...results.map(({outcome}, index) => `${mark(outcome, colour)} ${lines[index] ?? ''}`),
    '',
    `${sums(results)} in ${showSeconds(seconds)}`,
  ].join('\n');
}

/** The same for a program. */
export function summaryFields(results: readonly RunResult[], seconds: number) {
  return {seconds, ...counts(results), templates: results.map(resultFields)};
}

/** A template's end with its failure as plain fields. */
export function resultFields<T extends object>(result: T): object {
  return 'failure' in result ? {...result, failure: failureFields(result.failure)} : result;
}

type Row = readonly [template: string, outcome: string, time: string, size: string, rest: string];

const header: Row = ['template', 'outcome', 'time', 'size', 'serial or failure'];
const numeric: ReadonlySet<number> = new Set([2, 3]);

function cells(result: RunResult): Row {
  const {template, outcome} = result;
  switch (outcome) {
    case 'not started':
      return [template, outcome, '', '', ''];
    case 'interrupted':
      return [template, outcome, showSeconds(result.seconds), '', ''];
    case 'failed': {
      const [first = ''] = reason(template, result.failure).split('\n');
      return [template, outcome, showSeconds(result.seconds), '', printable(first)];
    }
    default:
      return [template, outcome, showSeconds(result.seconds), showBytes(result.bytes), result.serial];
  }
}

function aligned(row: Row, widths: readonly number[], columns: number): string {
  const padded = row.map((cell, index) =>
    numeric.has(index) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
  );
  return truncated(padded.join('  ').trimEnd(), columns);
}

/** How many ended how; `done` are those that reached what was asked for. */
function counts(results: readonly RunResult[]) {
  const ended = (outcome: RunResult['outcome']) =>
    results.filter((result) => result.outcome === outcome).length;
  const [failed, interrupted, notStarted] = [ended('failed'), ended('interrupted'), ended('not started')];
  return {done: results.length - failed - interrupted - notStarted, failed, interrupted, notStarted};
}

/** `4 done, 1 failed`. */
function sums(results: readonly RunResult[]): string {
  const {done, failed, interrupted, notStarted} = counts(results);
  return [
    `${done} done`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(interrupted > 0 ? [`${interrupted} interrupted`] : []),
    ...(notStarted > 0 ? [`${notStarted} not started`] : []),
  ].join(', ');
}
