import {Failure} from '../../failure.ts';
import {shown} from '../../mistake.ts';

/** Throws a Failure that says what was expected and what was seen, unless they are the same. */
export function expectEqual(what: string, seen: string, expected: string): void {
  if (seen !== expected) throw new Failure(`${what}: expected ${shown(expected)}, saw ${shown(seen)}`);
}

/** Throws a Failure with a sentence that says what is wrong, and the lines that show it. */
export function expect(condition: boolean, wrong: string, lastLines: readonly string[] = []): void {
  if (!condition) throw new Failure(wrong, {lastLines});
}
