import {Header} from 'tar';
import type {FileEntry} from '../recipe/rootfs.ts';
import {encoded, memberOf, type UstarMember, ustarEnd, ustarPadding} from './ustar.ts';

/**
 * A tar archive of entries, in their order, for the `tar` of any distribution; `mtime` in Unix seconds. Names and
 * links' targets may be of any length and any UTF-8: what does not fit a ustar header comes before it in a member of
 * GNU tar's own types L and K (GNU tar's manual, "The GNU tar archive format"), which busybox reads as well. It skips
 * pax headers, so that those would lose names.
 */
export function gnuTar(entries: Iterable<FileEntry>, mtime: number): Buffer {
  const parts = [...entries].flatMap((entry) => {
    const {member, content} = memberOf(entry, mtime);
    return [...headers(member), content, ustarPadding(content.length)];
  });
  return Buffer.concat([...parts, ustarEnd]);
}

function headers(member: UstarMember): Uint8Array[] {
  const {block, fits} = encoded(member);
  if (fits) return [block];
  const {path, target} = member;
  return [
    ...(target === undefined ? [] : long('NextFileHasLongLinkpath', target)),
    ...long('NextFileHasLongPath', path),
    block,
  ];
}

/** A member whose content is a name of the next. */
function long(type: 'NextFileHasLongPath' | 'NextFileHasLongLinkpath', text: string): Uint8Array[] {
  const content = Buffer.from(`${text}\0`);
  const header = new Header({path: '././@LongLink', mode: 0, uid: 0, gid: 0, size: content.length, type});
  const block = Buffer.alloc(512);
  header.encode(block);
  return [block, content, ustarPadding(content.length)];
}
