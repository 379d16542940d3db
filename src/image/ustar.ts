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
  const {block, fits} = encoded(member);
  if (!fits) throw new Failure(`${member.path} does not fit a plain ustar header`, {remedy: plainRemedy});
  return block;
}

const plainRemedy =
  'Osctl’s nodes read plain ustar: choose a name of ASCII characters, with at most 100 of them in the file’s own name or a link’s target.';

/** A member's header block, and whether everything of it is in there by the rules of plain ustar. */
export function encoded(member: UstarMember): {readonly block: Buffer; readonly fits: boolean} {
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
  const extended = header.encode(block);
  return {block, fits: !extended};
}

/** Entries as members of a plain ustar archive, in their order, without its end; `mtime` in Unix seconds. */
export function ustarEntries(entries: Iterable<FileEntry>, mtime: number): Uint8Array[] {
  return [...entries].flatMap((entry) => {
    const {member, content} = memberOf(entry, mtime);
    return [ustarHeader(member), content, ustarPadding(content.length)];
  });
}

/** What an entry is in a tar archive: its header's fields and its content. */
export function memberOf(
  entry: FileEntry,
  mtime: number,
): {readonly member: UstarMember; readonly content: Uint8Array} {
  const path = entry.path.replace(/^\/+/, '');
  const none = new Uint8Array(0);
  if ('target' in entry) return {member: {path, mode: 0o777, mtime, target: entry.target}, content: none};
  if ('directory' in entry)
    return {member: {path: `${path}/`, mode: entry.mode ?? 0o755, mtime}, content: none};
  const content = Buffer.from(entry.content);
  return {member: {path, mode: entry.mode ?? 0o644, mtime, size: content.length}, content};
}
