import {Failure} from '../failure.ts';
import {anySignal} from './signals.ts';

/** A limit on how long something may take: a signal that aborts with a Failure, and how to call it off. */
export function limited(
  seconds: number,
  what: string,
  outer?: AbortSignal,
): {signal: AbortSignal} & Disposable {
  const controller = new AbortController();
  const timer = setTimeout(() => {
    controller.abort(
      new Failure(`${what} took longer than ${seconds} s`, {
        remedy: 'Raise the limit under `limits:` in the configuration if the machine or the mirror is slow.',
      }),
    );
  }, seconds * 1000);
  return {
    signal: anySignal(outer, controller.signal),
    [Symbol.dispose]: () => clearTimeout(timer),
  };
}
