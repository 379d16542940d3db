import {Header} from 'tar';
import {Failure} from '../failure.ts';
import type {FileEntry} from '../recipe/rootfs.ts';

const blockSize = 512;

/** Zeros that fill a member of `size` bytes up to a whole block. */
export function ustarPadding(size: number): Uint8Array {
  return new Uint8Array((blockSize - (size % blockSize)) % blockSize);
}

/** The two empty blocks that end an archive. */
export const ustarEnd = new Uint8Array(2 * blockSize);

export interface UstarMember {
  /** Relative, without a leading slash; folders end with one. */
  readonly path: string;
  readonly mode: number;
  /** Unix seconds. */
  readonly mtime: number;
  readonly size?: number;
  /** Makes it a symbolic link. */
  readonly target?: string;
}

/**
 * A member's header block in POSIX.1-1988 ustar, owned by root. Throws when the member would need an extension
 * header, which plain readers do not know.
 */
export function ustarHeader(member: UstarMember): Uint8Array {
  const type =
    member.target !== undefined ? 'SymbolicLink' : member.path.endsWith('/') ? 'Directory' : 'File';
  const header = new Header({
    path: member.path,
    mode: member.mode,
    uid: 0,
    gid: 0,
    uname: 'root',
    gname: 'root',
    size: member.size ?? 0,
    mtime: new Date(member.mtime * 1000),
    type,
    ...(member.target === undefined ? {} : {linkpath: member.target}),
  });
  const block = Buffer.alloc(blockSize);
  if (header.encode(block)) throw new Failure(`${member.path} does not fit a plain ustar header`);
  return block;
}

/** A tar stream of entries, in their order; `mtime` in Unix seconds. */
export function ustar(entries: Iterable<FileEntry>, mtime: number): Buffer {
  return Buffer.concat([...ustarEntries(entries, mtime), ustarEnd]);
}

/** The same without its end, to stand among other members. */
export function ustarEntries(entries: Iterable<FileEntry>, mtime: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (const entry of entries) {
    const path = entry.path.replace(/^\/+/, '');
    if ('target' in entry) {
      parts.push(ustarHeader({path, mode: 0o777, mtime, target: entry.target}));
    } else if ('directory' in entry) {
      parts.push(ustarHeader({path: `${path}/`, mode: entry.mode ?? 0o755, mtime}));
    } else {
      const content = Buffer.from(entry.content);
      parts.push(ustarHeader({path, mode: entry.mode ?? 0o644, mtime, size: content.length}), content);
      parts.push(ustarPadding(content.length));
    }
  }
  return parts;
}
