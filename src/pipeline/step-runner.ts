import type {Report, Stage} from '../event.ts';
import {asFailure, type Failure} from '../failure.ts';
import {limited} from '../host/limited.ts';
import {explained} from './explained.ts';
import type {BuildLog} from './log.ts';

export interface StepRunnerOptions {
  /** The template's short name. */
  readonly template: string;
  readonly report: Report;
  readonly log: BuildLog;
  /** Where the build's tree is, for a person: `a tmpfs of 1.5 GiB`. */
  readonly tree: string;
  /** Seconds a step may take. */
  readonly limit: number;
  /** Ends the build. */
  readonly signal: AbortSignal;
}

/** Runs the steps of a build one after another: names them, times them, limits them. */
export interface StepRunner {
  /** Seconds by stage, so far. */
  readonly seconds: Readonly<Record<string, number>>;
  /** The signal of the step that is running, or the build's between steps. */
  signal(): AbortSignal;
  /** Does a step's work; `seconds` is its limit where it is not the usual one. */
  run<T>(stage: Stage, step: string, work: () => Promise<T>, seconds?: number): Promise<T>;
  progress(fraction: number): void;
  note(message: string): void;
  /** An error as what went wrong in the step that ran last, with the log and its last lines. */
  failure(error: unknown): Failure;
}

export function stepRunner({template, report, log, tree, limit, signal}: StepRunnerOptions): StepRunner {
  const seconds: Record<string, number> = {};
  let current = signal;
  let place = template;

  return {
    seconds,
    signal: () => current,

    async run(stage, step, work, most = limit) {
      if (!(stage in seconds)) report({type: 'stage', template, stage});
      report({type: 'step', template, stage, step});
      log.part(`${stage}: ${step}`);
      place = `${template}: ${stage}, ${step}`;
      const begun = performance.now();
      using own = limited(most, 'the step', signal);
      current = own.signal;
      try {
        own.signal.throwIfAborted();
        return await Promise.race([work(), abortion(own.signal)]);
      } finally {
        current = signal;
        seconds[stage] = (seconds[stage] ?? 0) + (performance.now() - begun) / 1000;
      }
    },

    progress: (fraction) => report({type: 'progress', template, fraction}),
    note: (message) => report({type: 'note', template, message}),

    failure(error) {
      const failure = explained(asFailure(signal.aborted ? signal.reason : error), tree);
      const lastLines = failure.lastLines.length > 0 ? failure.lastLines : log.tail();
      log.part(`failed: ${failure.message}`);
      return failure.at(place, {log: log.path, lastLines});
    },
  };
}

/** Rejects when the signal aborts, so that also a step that waits for nothing that the signal reaches ends. */
function abortion(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), {once: true});
  });
}
