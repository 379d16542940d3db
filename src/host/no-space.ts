/**
 * A program's words for a file system that takes nothing more: those of ENOSPC and EDQUOT (errno(3)), and what apt,
 * dnf, rpm and pacman say when they have counted beforehand.
 */
export const saysNoSpace =
  /No space left on device|Disk quota exceeded|\bENOSPC\b|\bEDQUOT\b|\[Errno 28\]|don't have enough free space|not enough free disk space|more space (needed )?on the \S+ filesystem/i;

/** What to do about it while a template is built. */
export const noSpaceRemedy =
  'Free some space, run fewer builds at once (--jobs), or build on disk instead of in memory (--tree disk).';
