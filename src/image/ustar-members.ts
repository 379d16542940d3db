import {open} from 'node:fs/promises';
import {Header} from 'tar';
import {Failure} from '../failure.ts';

const blockSize = 512;

/** Where a member's content is in an archive, in bytes. */
export interface MemberPlace {
  readonly path: string;
  readonly offset: number;
  readonly size: number;
  /** Permission bits. */
  readonly mode: number;
}

/**
 * Lists the members of a plain ustar archive by reading their headers alone. Throws a Failure where a header is
 * damaged, or is an extension that plain readers do not know.
 */
export async function ustarMembers(file: string): Promise<MemberPlace[]> {
  await using archive = await open(file, 'r');
  const {size: end} = await archive.stat();
  const members: MemberPlace[] = [];
  const block = Buffer.alloc(blockSize);
  for (let offset = 0; offset < end; ) {
    await archive.read(block, 0, blockSize, offset);
    if (block.every((byte) => byte === 0)) break;
    const {path, size = 0, mode = 0, type, cksumValid} = new Header(block);
    if (!cksumValid || path === undefined) throw damaged(file, offset);
    if (!plainTypes.has(type)) throw new Failure(`${file}: ${path} is of the type ${type}, not plain ustar`);
    members.push({path, offset: offset + blockSize, size, mode});
    offset += blockSize + Math.ceil(size / blockSize) * blockSize;
    if (offset > end) throw damaged(file, end);
  }
  return members;
}

const plainTypes: ReadonlySet<string> = new Set(['File', 'OldFile', 'Directory', 'SymbolicLink', 'Link']);

function damaged(file: string, offset: number): Failure {
  return new Failure(`${file} is damaged at byte ${offset}`, {remedy: 'Build the template again.'});
}
