import PQueue from 'p-queue';
import {asFailure, type Failure} from '../failure.ts';
import type {Template} from '../recipe/template.ts';

/** How a template's turn ended. */
export type JobResult<T> = {readonly template: Template; readonly seconds: number} & (
  | {readonly outcome: 'done'; readonly value: T}
  | {readonly outcome: 'failed'; readonly failure: Failure}
  | {readonly outcome: 'interrupted'}
  | {readonly outcome: 'not started'}
);

export interface QueueOptions {
  /** Templates in work at once. */
  readonly jobs: number;
  readonly signal: AbortSignal;
}

/**
 * Does the same for every template, `jobs` at once, in their order. One that fails leaves the others alone; after
 * the signal no other begins. Never throws: how each ended is the result,
 * and told to `ended` as soon as it has.
 */
export async function runAll<T>(
  templates: readonly Template[],
  {jobs, signal}: QueueOptions,
  work: (template: Template) => Promise<T>,
  ended: (result: JobResult<T>) => void,
): Promise<JobResult<T>[]> {
  const queue = new PQueue({concurrency: jobs});
  return Promise.all(
    templates.map((template) =>
      queue.add(async () => {
        const result = await turn(template);
        ended(result);
        return result;
      }),
    ),
  );

  async function turn(template: Template): Promise<JobResult<T>> {
    if (signal.aborted) return {template, seconds: 0, outcome: 'not started'};
    const begun = performance.now();
    const seconds = () => (performance.now() - begun) / 1000;
    try {
      const value = await work(template);
      return {template, seconds: seconds(), outcome: 'done', value};
    } catch (error) {
      if (signal.aborted) return {template, seconds: seconds(), outcome: 'interrupted'};
      return {template, seconds: seconds(), outcome: 'failed', failure: asFailure(error)};
    }
  }
}
