import type {Failure} from '../failure.ts';
import {print} from './print.ts';

/** Says on standard error, in one line, what is in the output among the builds and is not one. */
export function tellLeftOut({message}: Failure): void {
  print(`left out: ${message}`, process.stderr);
}
