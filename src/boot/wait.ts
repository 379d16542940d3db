import {setTimeout} from 'node:timers/promises';
import {Failure} from '../failure.ts';

/** Milliseconds between two tries. */
const pause = 50;

/** What is being waited for, so that who runs out of patience can say it. */
export interface Activity {
  now: string | undefined;
}

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly activity?: Activity | undefined;
}

/**
 * Asks again and again until a probe gives something else than false or undefined, and gives that. A probe that
 * throws a Failure has no answer yet. Throws a Failure that says what was waited for, and what the last try met,
 * after `limit` seconds.
 */
export async function waitFor<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  limit: number,
  {signal, activity}: WaitOptions = {},
): Promise<T> {
  const end = performance.now() + limit * 1000;
  let last: Failure | undefined;
  for (;;) {
    signal?.throwIfAborted();
    if (activity !== undefined) activity.now = what;
    try {
      const answer = await probe();
      if (answer !== undefined && answer !== false) return answer;
      last = undefined;
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      last = error;
    }
    if (performance.now() > end) {
      const met = last === undefined ? '' : `; the last try: ${last.message}`;
      throw new Failure(`waited ${limit} s for ${what}${met}`, {lastLines: last?.lastLines, cause: last});
    }
    await setTimeout(pause, undefined, {signal});
  }
}
