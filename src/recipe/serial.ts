import {Failure} from '../failure.ts';

/** A build's serial from a time: UTC, sortable, `20261123T153000Z`. */
export function serialOf(time: Date): string {
  return time.toISOString().replace(/[-:]/g, '').replace(/\.\d+/, '');
}

/** The time a serial stands for; undefined when it is not a serial. */
export function parseSerial(serial: string): Date | undefined {
  const [, y, mo, d, h, mi, s] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(serial) ?? [];
  if (s === undefined) return undefined;
  const time = new Date(`${y}-${mo}-${d}T${h}:${mi}:${s}Z`);
  return Number.isNaN(time.getTime()) ? undefined : time;
}

/** The time a serial stands for; throws a Failure when it is not a serial. */
export function timeOf(serial: string): Date {
  const time = parseSerial(serial);
  if (time === undefined) {
    throw new Failure(`${serial} is not a serial like 20261123T153000Z`, {kind: 'usage'});
  }
  return time;
}

/** The day of a serial, `2026-11-23`. */
export function dayOf(serial: string): string {
  return timeOf(serial).toISOString().slice(0, 10);
}

/**
 * The wanted serial, or the second after the newest of those that are taken where that is later: two builds of a
 * template never share a serial, and the one that was started last has the greatest. What is not a serial is ignored.
 */
export function freeSerial(wanted: string, taken: readonly string[]): string {
  const newest = taken
    .filter((serial) => parseSerial(serial) !== undefined)
    .toSorted()
    .at(-1);
  if (newest === undefined || newest < wanted) return wanted;
  return serialOf(new Date(timeOf(newest).getTime() + 1000));
}
