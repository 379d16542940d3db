import {readTar, type TarType} from '../../image/tar-entries.ts';

/** A file of a packed tree. */
export interface InventoryEntry {
  /** Absolute inside the tree. */
  readonly path: string;
  readonly type: TarType;
  readonly uid: number;
  readonly gid: number;
  /** Permission bits. */
  readonly mode: number;
  readonly bytes: number;
  /** What a link leads to. */
  readonly target?: string | undefined;
}

/** What is in a packed tree: all its files, their attributes, and what the rules read. */
export interface Inventory {
  readonly entries: readonly InventoryEntry[];
  /** Extended attributes by path, those of POSIX access control lists as `SCHILY.acl.access`. */
  readonly attributes: ReadonlyMap<string, ReadonlyMap<string, Buffer>>;
  /** Files that have one of the words in their name, their content, their target or an attribute. */
  readonly traces: readonly {readonly path: string; readonly word: string}[];
  /** The content of a few plain files, by path. */
  readonly contents: Readonly<Record<string, string | undefined>>;
  /** Paths whose owner or group is not one of the container's: in the archive they look like nobody's. */
  readonly strangers: readonly string[];
}

/** What to look for while the archive is read, once. */
export interface Sought {
  /** Words that no template may have: the path of the build. */
  readonly words: readonly string[];
  /** Files whose content the rules read. */
  readonly files: readonly string[];
}

/** The most of a file that a rule reads, in bytes: they are short. */
const longest = 2 ** 20;

/** Takes the inventory of a packed tree from its archive. */
export async function takeInventory(
  archive: AsyncIterable<Uint8Array>,
  {words, files}: Sought,
): Promise<Omit<Inventory, 'strangers'>> {
  const entries: InventoryEntry[] = [];
  const attributes = new Map<string, ReadonlyMap<string, Buffer>>();
  const traces: {path: string; word: string}[] = [];
  const contents: Record<string, string | undefined> = {};
  const needles = words.map((word) => ({word, bytes: Buffer.from(word)}));
  const found = (path: string, word: string) => {
    if (!traces.some((trace) => trace.path === path && trace.word === word)) traces.push({path, word});
  };
  await readTar(archive, (member) => {
    const path = absolute(member.path);
    const {type, uid, gid, mode, bytes, target} = member;
    entries.push({path, type, uid, gid, mode, bytes, target});
    if (member.attributes.size > 0) attributes.set(path, member.attributes);
    for (const {word, bytes: needle} of needles) {
      if (path.includes(word) || target?.includes(word) === true) found(path, word);
      for (const value of member.attributes.values()) if (value.includes(needle)) found(path, word);
    }
    if (type !== 'file') return undefined;
    const search = searcher(needles, (word) => found(path, word));
    if (!files.includes(path)) return search;
    contents[path] = '';
    return (piece) => {
      search(piece);
      const read = contents[path] ?? '';
      if (read.length < longest) contents[path] = read + piece.toString('utf8');
    };
  });
  return {entries, attributes, traces, contents};
}

/** `./etc/passwd` as `/etc/passwd`. */
function absolute(path: string): string {
  const inside = path.replace(/^\.?\/+/, '').replace(/\/+$/, '');
  return inside === '.' ? '/' : `/${inside}`;
}

/** Looks for words in a content that comes in pieces, also where a piece's end cuts one in two. */
function searcher(
  needles: readonly {readonly word: string; readonly bytes: Buffer}[],
  onFound: (word: string) => void,
): (piece: Buffer) => void {
  const overlap = Math.max(0, ...needles.map(({bytes}) => bytes.length - 1));
  let before: Buffer = Buffer.alloc(0);
  return (piece) => {
    const seam = Buffer.concat([before, piece.subarray(0, overlap)]);
    for (const {word, bytes} of needles) if (seam.includes(bytes) || piece.includes(bytes)) onFound(word);
    before = Buffer.from(
      piece.length >= overlap ? piece.subarray(piece.length - overlap) : seam.subarray(-overlap),
    );
  };
}
