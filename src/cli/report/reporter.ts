import type {Report, TemplateEvent} from '../../event.ts';
import type {RunResult} from './summary.ts';

/** Where a report goes: a terminal, a pipe or a file. */
export type Screen = NodeJS.WritableStream & {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
};

/** Tells a person or a program what happens during a run. Open only one on a terminal at a time. */
export interface Reporter extends AsyncDisposable {
  /** What happens to a template. */
  readonly report: Report;
  /** A line that is not about a template; it stays, above what is redrawn. */
  say(line: string): void;
  /** An error that is not a template's end; those come with their `finished` event. */
  fail(error: unknown): void;
  /** The end of a run: every template with what became of it. */
  summarize(results: readonly RunResult[]): void;
  /** Leaves the terminal as it was. The rest can still be called: it prints without redrawing. */
  finish(): void;
}

/** Shows events as text: redrawn, or line by line. */
export interface View {
  show(event: TemplateEvent): void;
  /** Prints lines that stay. */
  print(text: string): void;
  finish(): void;
}
