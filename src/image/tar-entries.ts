import {Failure} from '../failure.ts';

/** A member of a tar archive, by its header and its pax records. */
export interface TarEntry {
  /** As it is in the archive: `./etc/passwd`. */
  readonly path: string;
  readonly type: TarType;
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of its content in the archive; of a sparse file that is less than it has. */
  readonly bytes: number;
  /** What a link leads to. */
  readonly target: string | undefined;
  /** Extended attributes by name: `security.capability`. */
  readonly attributes: ReadonlyMap<string, Buffer>;
}

export type TarType = 'file' | 'hard link' | 'link' | 'character' | 'block' | 'folder' | 'fifo';

/** The header's typeflag (POSIX.1-2024, pax, ustar interchange format). */
const types: Readonly<Record<string, TarType>> = {
  '0': 'file',
  '\0': 'file',
  '1': 'hard link',
  '2': 'link',
  '3': 'character',
  '4': 'block',
  '5': 'folder',
  '6': 'fifo',
  '7': 'file',
};

const blockSize = 512;
const attributePrefix = 'SCHILY.xattr.';

/**
 * Reads a tar archive in pax format, as GNU tar writes it with `--format=posix`: calls back for every member, and for
 * every piece of its content. Nothing is written or opened. Throws a Failure where it is damaged, or of another format.
 */
export async function readTar(
  input: AsyncIterable<Uint8Array>,
  onEntry: (entry: TarEntry) => ((piece: Buffer) => void) | undefined,
): Promise<void> {
  const source = blocksOf(input);
  let records = new Map<string, Buffer>();
  for (;;) {
    const header = await source.take(blockSize);
    if (header === undefined || header.every((byte) => byte === 0)) break;
    checkSum(header);
    const flag = header.toString('latin1', 156, 157);
    const size = Number(records.get('size')?.toString() ?? number(header, 124, 12));
    if (flag === 'x' || flag === 'g') {
      const content = await source.take(padded(size));
      if (content === undefined) throw damaged('it ends in the middle of a header');
      if (flag === 'x') records = paxRecords(content.subarray(0, size));
      continue;
    }
    const type = types[flag];
    if (type === undefined) throw damaged(`a member is of the type ${JSON.stringify(flag)}`);
    const onPiece = onEntry(entryOf(header, type, size, records));
    records = new Map();
    await source.pass(size, onPiece);
    await source.pass(padded(size) - size);
  }
  for await (const _rest of source.rest()); // the archive is padded, and whoever writes it wants to end well
}

function entryOf(
  header: Buffer,
  type: TarType,
  size: number,
  records: ReadonlyMap<string, Buffer>,
): TarEntry {
  const record = (name: string) => records.get(name)?.toString();
  const prefix = text(header, 345, 155);
  const name = text(header, 0, 100);
  const linked = record('linkpath') ?? text(header, 157, 100);
  const attributes = [...records].flatMap(([key, value]) =>
    key.startsWith(attributePrefix) || key.startsWith('SCHILY.acl.')
      ? [[key.replace(attributePrefix, ''), value] as const]
      : [],
  );
  return {
    path: record('GNU.sparse.name') ?? record('path') ?? (prefix === '' ? name : `${prefix}/${name}`),
    type,
    mode: number(header, 100, 8) & 0o7777,
    uid: Number(record('uid') ?? number(header, 108, 8)),
    gid: Number(record('gid') ?? number(header, 116, 8)),
    bytes: size,
    target: type === 'link' || type === 'hard link' ? linked : undefined,
    attributes: new Map(attributes),
  };
}

/** Records of a pax header: `LENGTH KEY=VALUE`, each ended by a newline; a value may be any bytes. */
function paxRecords(content: Buffer): Map<string, Buffer> {
  const records = new Map<string, Buffer>();
  for (let start = 0; start < content.length; ) {
    const space = content.indexOf(0x20, start);
    const length = Number(content.toString('latin1', start, space));
    const equals = content.indexOf(0x3d, space);
    const end = start + length;
    if (!(length > 0) || space < 0 || equals < 0 || end > content.length || content[end - 1] !== 0x0a)
      throw damaged('a pax record is not one');
    records.set(content.toString('utf8', space + 1, equals), content.subarray(equals + 1, end - 1));
    start = end;
  }
  return records;
}

function checkSum(header: Buffer): void {
  const stored = number(header, 148, 8);
  let sum = 8 * 0x20;
  for (let index = 0; index < blockSize; index += 1)
    sum += index >= 148 && index < 156 ? 0 : (header[index] ?? 0);
  if (sum !== stored) throw damaged('a header does not match its checksum');
}

/** An octal field, or a binary one where its first bit is set (GNU tar, for ids and sizes past octal's). */
function number(header: Buffer, start: number, length: number): number {
  if (((header[start] ?? 0) & 0x80) !== 0) {
    const bytes = header.subarray(start + 1, start + length);
    return bytes.reduce((value, byte) => value * 256 + byte, 0);
  }
  const digits = text(header, start, length).trim();
  if (!/^[0-7]*$/.test(digits)) throw damaged('a header has a number that is none');
  return digits === '' ? 0 : Number.parseInt(digits, 8);
}

function text(header: Buffer, start: number, length: number): string {
  const field = header.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.toString('utf8', 0, end < 0 ? length : end);
}

function padded(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}

function damaged(how: string): Failure {
  return new Failure(`the archive cannot be read: ${how}`, {remedy: 'Build the template again.'});
}

/** Gives an input's bytes in the amounts that are asked for. */
function blocksOf(input: AsyncIterable<Uint8Array>) {
  const pieces = input[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  const more = async (): Promise<boolean> => {
    const next = await pieces.next();
    if (next.done === true) return false;
    rest = Buffer.from(next.value.buffer, next.value.byteOffset, next.value.byteLength);
    return true;
  };
  return {
    /** So many bytes; undefined at the end. */
    async take(size: number): Promise<Buffer | undefined> {
      if (rest.length >= size) {
        const taken = rest.subarray(0, size);
        rest = rest.subarray(size);
        return taken;
      }
      const parts = [rest];
      let length = rest.length;
      while (length < size && (await more())) {
        parts.push(rest);
        length += rest.length;
      }
      const all = Buffer.concat(parts);
      if (all.length === 0) return undefined;
      if (all.length < size) throw damaged('it breaks off');
      rest = all.subarray(size);
      return all.subarray(0, size);
    },

    /** Passes so many bytes on, in pieces as they come. */
    async pass(size: number, onPiece?: (piece: Buffer) => void): Promise<void> {
      for (let left = size; left > 0; ) {
        if (rest.length === 0 && !(await more())) throw damaged('it breaks off');
        const piece = rest.subarray(0, left);
        onPiece?.(piece);
        rest = rest.subarray(piece.length);
        left -= piece.length;
      }
    },

    /** Everything that is left. */
    async *rest(): AsyncGenerator<Buffer> {
      do yield rest;
      while (await more());
    },
  };
}
