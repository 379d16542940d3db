import {inspect} from 'node:util';
import {distance} from 'fastest-levenshtein';
import {Failure} from './failure.ts';

/**
 * Refuses what a person wrote, with everything that is wrong with it: one line a mistake, each with its place in
 * front. No mistakes, no Failure.
 */
export function refuse(mistakes: readonly string[], remedy: string): void {
  if (mistakes.length > 0) throw new Failure(mistakes.join('\n'), {kind: 'usage', remedy});
}

/** What a zod schema says about a value that does not fit: `must be true or false, not 'yes'`. */
export function must(what: string): (issue: {readonly input?: unknown}) => string {
  return ({input}) => (input === undefined ? 'is missing' : `must be ${what}, not ${shown(input)}`);
}

/** A value as an error shows it: short, on one line. */
export function shown(value: unknown): string {
  return inspect(value, {depth: 0, breakLength: Number.POSITIVE_INFINITY, maxStringLength: 80});
}

/** A path through a value as people write it: `releases[1].cgroups`. */
export function keyPath(path: readonly PropertyKey[]): string {
  return path
    .map((key, index) => (typeof key === 'number' ? `[${key}]` : `${index === 0 ? '' : '.'}${String(key)}`))
    .join('');
}

/** `; did you mean debian-12 or debian-13?`, or nothing where no known word is near. */
export function suggestion(word: string, known: Iterable<string>): string {
  const near = nearest(word, known);
  return near.length === 0 ? '' : `; did you mean ${listed(near, 'or')}?`;
}

/** `a, b and c`. */
export function listed(words: readonly string[], conjunction: 'and' | 'or'): string {
  return new Intl.ListFormat('en-GB', {
    type: conjunction === 'and' ? 'conjunction' : 'disjunction',
  }).format(words);
}

/** Three known words at most: ones with more or fewer fields, else the ones that differ least, in a third at most. */
function nearest(word: string, known: Iterable<string>): string[] {
  const names = [...new Set(known)];
  const related = names.filter((name) => name.startsWith(`${word}-`) || word.startsWith(`${name}-`));
  if (related.length > 0) return related.slice(0, 3);
  const measured = names.map((name) => ({name, differences: distance(word, name)}));
  const fewest = Math.min(...measured.map(({differences}) => differences));
  if (fewest > Math.ceil(word.length / 3)) return [];
  return measured
    .filter(({differences}) => differences === fewest)
    .map(({name}) => name)
    .slice(0, 3);
}
