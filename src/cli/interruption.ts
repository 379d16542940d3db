import {Failure} from '../failure.ts';
import {outputLost} from './standard-output.ts';

/**
 * A signal that aborts on Ctrl-C, SIGTERM and SIGHUP, and when standard output is lost, so that what runs is stopped in
 * order; a second Ctrl-C does not wait for it. What is left then goes too: every enclosure ends with the process that
 * holds it.
 */
export function interruption(): AbortSignal {
  const controller = new AbortController();
  let asked = false;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      if (asked) process.exit(130);
      asked = true;
      controller.abort(new Failure('interrupted', {kind: 'interrupted'}));
    });
  }
  return AbortSignal.any([controller.signal, outputLost]);
}
