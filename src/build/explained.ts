import type {Failure} from '../failure.ts';

/** What a failure means that any command can meet, told by what it printed. */
export function explained(failure: Failure): Failure {
  const said = [failure.message, ...failure.lastLines].join('\n');
  if (failure.remedy !== undefined || !/No space left on device|ENOSPC/.test(said)) return failure;
  return failure.at('no space left', {
    kind: 'machine',
    remedy:
      'Free some space, run fewer builds at once (--jobs), or build on disk instead of in memory (--tree disk).',
  });
}
