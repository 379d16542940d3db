import {Failure} from '../failure.ts';
import {printFailure} from './report/failure.ts';

const controller = new AbortController();

/**
 * Aborts with a Failure when standard output cannot be written any more: of kind `unread` when its reader has gone, as
 * in `| head`, or of kind `machine`. A run then stops in order.
 */
export const outputLost: AbortSignal = controller.signal;

/** Keeps what cannot be written from ending this process in disorder, and from ending it with 0. */
export function watchStandardOutput(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (controller.signal.aborted) return;
    const failure = failureOf(error);
    controller.abort(failure);
    if (failure.kind !== 'unread') printFailure(failure, process.stderr);
  });
  // there is nowhere left to tell it
  process.stderr.on('error', () => undefined);
  process.on('exit', (code) => {
    if (code === 0 && controller.signal.aborted) process.exitCode = controller.signal.reason.exitCode;
  });
}

function failureOf(error: NodeJS.ErrnoException): Failure {
  if (error.code === 'EPIPE')
    return new Failure('nobody reads standard output any more', {kind: 'unread', cause: error});
  return new Failure(`standard output cannot be written: ${error.message}`, {kind: 'machine', cause: error});
}
