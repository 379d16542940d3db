import type {Release} from './release.ts';

/** Whether a release's distribution still mends it. */
export interface Support {
  readonly state: 'supported' | 'ends soon' | 'ended';
  /** Days until the last one with support; negative when that has passed. */
  readonly days: number;
}

/** Days before its end in which a release's support ends soon. */
const soon = 90;

const aDay = 86_400_000;

/** The support of a release on a day, `YYYY-MM-DD`; undefined where its end is not known. The last day counts. */
export function supportOf({endOfLife}: Pick<Release, 'endOfLife'>, day: string): Support | undefined {
  if (endOfLife === undefined) return undefined;
  const days = Math.round((Date.parse(endOfLife) - Date.parse(day)) / aDay);
  return {state: days < 0 ? 'ended' : days <= soon ? 'ends soon' : 'supported', days};
}

/** A line that says what a person should know of it; undefined where there is nothing to say. */
export function supportNote(
  {endOfLife, version}: Pick<Release, 'endOfLife' | 'version'>,
  day: string,
): string | undefined {
  const support = supportOf({...(endOfLife === undefined ? {} : {endOfLife})}, day);
  if (support?.state === 'ended') return `support of ${version} ended on ${endOfLife}`;
  if (support?.state === 'ends soon')
    return `support of ${version} ends on ${endOfLife}, in ${support.days} days`;
  return undefined;
}
