import {renderFailure} from './failure.ts';
import {openJson} from './json.ts';
import {openLive} from './live.ts';
import {openPlain} from './plain.ts';
import type {Reporter, Screen, View} from './reporter.ts';
import {summaryTable} from './summary.ts';
import {hasColour, printable} from './text.ts';

export interface ReporterOptions {
  readonly stream: Screen;
  /** One JSON event a line, whatever the stream is. */
  readonly json?: boolean;
  /** Whether to redraw; unless given, on a terminal that can, and outside CI. */
  readonly interactive?: boolean | undefined;
  /** The width to draw in; the terminal's, as it changes, unless given. */
  readonly columns?: number | undefined;
}

/** Opens the report of a run in one of its three modes: JSON, a live view, or plain lines. */
export function openReporter({json = false, stream, interactive, columns}: ReporterOptions): Reporter {
  if (json) return openJson(stream);
  const live = interactive ?? canRedraw(stream);
  return textReporter(live ? openLive(stream, columns) : openPlain(stream), stream, columns);
}

/** A terminal without a size (script(1), a container's console) wraps nobody knows where. */
function canRedraw(stream: Screen): boolean {
  const sized = (stream.columns ?? 0) > 0 && (stream.rows ?? 0) > 0;
  return stream.isTTY === true && sized && process.env.TERM !== 'dumb' && process.env.CI === undefined;
}

function textReporter(view: View, stream: Screen, columns: number | undefined): Reporter {
  const started = performance.now();
  const colour = hasColour(stream);
  return {
    report: view.show,
    say: (line) => view.print(printable(line)),
    fail: (error) => view.print(renderFailure(error, {colour})),
    summarize(results) {
      const width = columns ?? (stream.columns || undefined);
      const seconds = (performance.now() - started) / 1000;
      view.print(
        `\n${summaryTable(results, {seconds, colour, ...(width === undefined ? {} : {columns: width})})}`,
      );
    },
    finish: view.finish,
    async [Symbol.asyncDispose]() {
      view.finish();
    },
  };
}
