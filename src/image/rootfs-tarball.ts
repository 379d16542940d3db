/**
 * The command that packs a tree as a tar file, the same bytes for the same tree: sorted, numeric owners, no time
 * after `epoch` (Unix seconds), access lists, file capabilities and users' attributes in pax headers, holes as holes. GNU
 * tar 1.28 or newer.
 */
export function tarCommand(tree: string, file: string, epoch: number): string[] {
  return [
    'tar',
    '--create',
    `--file=${file}`,
    `--directory=${tree}`,
    '--one-file-system',
    '--sort=name',
    '--numeric-owner',
    '--format=posix',
    '--pax-option=exthdr.name=%d/PaxHeaders/%f,delete=atime,delete=ctime',
    `--mtime=@${epoch}`,
    '--clamp-mtime',
    '--sparse',
    '--acls',
    '--xattrs',
    '--xattrs-include=user.*',
    '--xattrs-include=security.capability',
    '.',
  ];
}

/** The command that compresses a file to standard output: of the gzip compressors measured, the fastest at level 6's size. */
export function gzipCommand(file: string): string[] {
  return ['libdeflate-gzip', '-6', '-c', file];
}
