import {realpath} from 'node:fs/promises';
import {Failure} from '../failure.ts';
import {thisMachine} from './machine.ts';
import {mountOf} from './mounts.ts';

/**
 * A program's words for a file system that takes nothing more: those of ENOSPC and EDQUOT (errno(3)), GNU tar's of a
 * write that was cut short, and what apt, dnf, rpm and pacman say when they have counted beforehand.
 */
export const saysNoSpace =
  /No space left on device|Disk quota exceeded|\bENOSPC\b|\bEDQUOT\b|\[Errno 28\]|Wrote only \d+ of \d+ bytes|don't have enough free space|not enough free disk space|more space (needed )?on the \S+ filesystem/i;

/** What to do about it while a template is built. */
export const noSpaceRemedy =
  'Free some space, run fewer builds at once (--jobs), or build on disk instead of in memory (--tree disk).';

/**
 * What writing a file threw: where its file system is full, a Failure of kind `machine` that names both; anything else
 * as it was.
 */
export async function noSpaceFailure(error: unknown, file: string): Promise<unknown> {
  if (!(error instanceof Error) || !('code' in error)) return error;
  if (error.code !== 'ENOSPC' && error.code !== 'EDQUOT') return error;
  const path = await realpath(file).catch(() => file);
  const mountinfo = await thisMachine.readFile('/proc/self/mountinfo');
  const mount = mountOf(path, mountinfo ?? '');
  const where = mount === undefined ? '' : `, on the file system at ${mount.point}`;
  return new Failure(`there is no space left for ${file}${where}`, {
    kind: 'machine',
    remedy: 'Free some space there, or name a folder on another file system with --output.',
    cause: error,
  });
}
