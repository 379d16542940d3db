import {Failure} from '../failure.ts';

const full: ReadonlySet<string | undefined> = new Set(['ENOSPC', 'EDQUOT']);
const forbidden: ReadonlySet<string | undefined> = new Set(['EACCES', 'EPERM', 'EROFS']);

const gone: ReadonlySet<string | undefined> = new Set(['ENOENT', 'ESTALE', 'ENOTCONN', 'ENODEV']);

/** A system call's error name, `ENOSPC`; undefined when the error is none's (errno(3)). */
export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** What writing into a repository threw, as a Failure where a person can do something about it. */
export function diskFailure(error: unknown, repository: string): unknown {
  const code = errorCode(error);
  if (full.has(code)) {
    return new Failure(`there is no space left for ${repository}`, {
      kind: 'machine',
      remedy: 'Free space or inodes there and publish again; what was published before is whole and stays.',
      cause: error,
    });
  }
  if (gone.has(code)) {
    return new Failure(`${repository} was removed, replaced or unmounted while it was written to`, {
      kind: 'machine',
      remedy:
        'Mount it, or restore it, and publish again; what was published before is whole where it is now.',
      cause: error,
    });
  }
  if (forbidden.has(code) && error instanceof Error) {
    return new Failure(`cannot write to ${repository}: ${error.message}`, {
      kind: 'machine',
      remedy: 'Publish as the user whom the repository belongs to, on a file system that is writable.',
      cause: error,
    });
  }
  return error;
}
