export interface Member {
  readonly name: string;
  /** The type flag: `0` file, `2` symbolic link, `5` folder. */
  readonly type: string;
  readonly uid: number;
  readonly gid: number;
  /** Unix seconds. */
  readonly mtime: number;
  readonly content: Buffer;
}

/**
 * Reads an archive as a reader does that knows POSIX.1-1988 ustar and nothing else, like Ruby's
 * Gem::Package::TarReader, which osctl uses: an extension header, a wrong checksum or a missing end is an error.
 */
export function strictMembers(archive: Buffer): Member[] {
  const members: Member[] = [];
  let offset = 0;
  for (; ; offset += 512) {
    const block = archive.subarray(offset, offset + 512);
    if (block.every((byte) => byte === 0)) break;
    const member = header(block);
    const content = archive.subarray(offset + 512, offset + 512 + member.size);
    members.push({...member, content});
    offset += Math.ceil(member.size / 512) * 512;
  }
  if (archive.length - offset !== 1024)
    throw new Error(`${archive.length - offset} bytes at the end, not 1024`);
  return members;
}

function header(block: Buffer): Omit<Member, 'content'> & {readonly size: number} {
  const text = (start: number, length: number) =>
    block
      .subarray(start, start + length)
      .toString('utf8')
      .replace(/\0.*$/s, '');
  const number = (start: number, length: number) => {
    const digits = text(start, length).trim();
    if (!/^[0-7]+$/.test(digits)) throw new Error(`${JSON.stringify(digits)} is no octal number`);
    return Number.parseInt(digits, 8);
  };
  if (text(257, 6) !== 'ustar' || block.toString('latin1', 263, 265) !== '00')
    throw new Error('no ustar header');
  const sum = block.reduce((total, byte, index) => total + (index >= 148 && index < 156 ? 0x20 : byte), 0);
  if (sum !== number(148, 8)) throw new Error('wrong checksum');
  const type = text(156, 1) || '0';
  if (!['0', '2', '5'].includes(type)) throw new Error(`a plain reader does not know the type ${type}`);
  const prefix = text(345, 155);
  return {
    name: prefix === '' ? text(0, 100) : `${prefix}/${text(0, 100)}`,
    type,
    uid: number(108, 8),
    gid: number(116, 8),
    size: number(124, 12),
    mtime: number(136, 12),
  };
}
