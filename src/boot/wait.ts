import {setTimeout} from 'node:timers/promises';
import {Failure} from '../failure.ts';

/** Milliseconds between two tries, at least and at most: on a busy machine, where a try takes long, it asks less often. */
const pause = {least: 50, most: 250} as const;

/** What a scenario is at, so that who runs out of patience or meets a failure can tell. */
export interface Activity {
  /** What is being waited for. */
  now: string | undefined;
  /** The last commands that were run, and where; the newest last. */
  readonly commands: string[];
}

/** How many commands are remembered, and how many characters of each. */
const commandsKept = 5;
const lengthKept = 160;

/** Says that a command is being run now, and where: `hostname-1`, `the probe`. */
export function tellCommand(activity: Activity | undefined, argv: readonly string[], where: string): void {
  if (activity !== undefined) activity.now = `${shortened(argv)} in ${where}`;
  rememberCommand(activity, argv, where);
}

/** Remembers a command that answers a question: what is being waited for is what asked it. */
export function rememberCommand(
  activity: Activity | undefined,
  argv: readonly string[],
  where: string,
): void {
  if (activity === undefined) return;
  const shown = shortened(argv);
  const {commands} = activity;
  const line = `${where}: ${shown}`;
  if (commands.at(-1) === line) return; // asked until there is an answer
  commands.push(line);
  if (commands.length > commandsKept) commands.shift();
}

export interface WaitOptions {
  readonly signal?: AbortSignal | undefined;
  readonly activity?: Activity | undefined;
}

function shortened(argv: readonly string[]): string {
  const words = argv.join(' ').replace(/\s+/g, ' ').trim();
  return words.length > lengthKept ? `${words.slice(0, lengthKept)}…` : words;
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
    const asked = performance.now();
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
    const took = performance.now() - asked;
    await setTimeout(Math.min(Math.max(pause.least, 2 * took), pause.most), undefined, {signal});
  }
}
