import {Failure} from '../../failure.ts';
import type {ScenarioResult} from '../../image/manifest.ts';
import {ownCommand} from '../../invocation.ts';
import {indented, printable} from './text.ts';

export interface TestedPlaces {
  /** Where every command and what it printed is. */
  readonly log: string;
  /** Where the report is, when one was written. */
  readonly report?: string | undefined;
}

/** How many lines of each log a person sees at once, by the last word of its name; those of others are in the report. */
const linesShown: Readonly<Record<string, number>> = {commands: 3, lines: 8, console: 5, journal: 8};

/** Scenarios that are told in full; of more, the rest is in the report. */
const scenariosShown = 3;

/** What a test without a scenario that passed, or with one that failed, throws. */
export function testFailure(
  template: string,
  scenarios: readonly ScenarioResult[],
  {log, report = log}: TestedPlaces,
): Failure {
  const failed = scenarios.filter(({outcome}) => outcome === 'failed');
  if (failed.length === 0) {
    const reason = scenarios[0]?.reason ?? 'there is no scenario';
    return new Failure(`${template}: test: nothing of it could be checked: ${reason}`, {
      log,
      remedy: 'Test it on a machine that can boot it; what was not booted is not published.',
    });
  }
  const reasons = failed.map(({name, reason}) => `${name}: ${reason}`);
  const names = failed.map(({name}) => name);
  const again = `\`${ownCommand('test', template, ...names, '--keep')}\` leaves the containers running, to look around in.`;
  const kept = failed.some(({enter}) => enter !== undefined);
  return new Failure(`${template}: test: ${reasons.join('\n')}`, {
    log,
    lastLines: failed.slice(0, scenariosShown).flatMap(story),
    remedy: [`${report} has all logs.`, ...(kept ? [] : [again])].join('\n'),
  });
}

/** What happened in a scenario: its last commands, what the last one said, console and journal, and how to look around. */
function story({name, logs = {}, enter = []}: ScenarioResult): string[] {
  const parts = Object.entries(logs).flatMap(([from, lines]) => {
    const shown = linesShown[from.split(' ').at(-1) ?? ''] ?? 0;
    return shown === 0 ? [] : [`${from}:`, ...indented(lines.slice(-shown).map(printable), 2)];
  });
  return [`${name}`, ...indented([...parts, ...enter.map((command) => `a shell in it: ${command}`)], 2)];
}
