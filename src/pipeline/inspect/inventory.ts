import type {BuildContainer} from '../../recipe/step.ts';

/** A file of a tree as find(1) and getfattr(1) see it from inside the build container. */
export interface InventoryEntry {
  /** Absolute inside the tree. */
  readonly path: string;
  /** find's letter: `f` file, `d` folder, `l` link, `c` and `b` devices, `p` pipe, `s` socket. */
  readonly type: string;
  /** As the container's user namespace has them; an id that is not mapped shows as 65534. */
  readonly uid: number;
  readonly gid: number;
  /** Permission bits. */
  readonly mode: number;
  readonly bytes: number;
}

/** What is in a tree: all its files, their capabilities, and what the rules read. */
export interface Inventory {
  readonly entries: readonly InventoryEntry[];
  /** security.capability by path, in hexadecimal (capabilities(7), `struct vfs_ns_cap_data`). */
  readonly capabilities: ReadonlyMap<string, string>;
  /** Files that have the path of the build in them. */
  readonly traces: readonly string[];
  /** The content of a few files, by path; undefined for one that is not there. */
  readonly contents: Readonly<Record<string, string | undefined>>;
}

/** Takes the inventory of a build's tree, from inside its container. */
export async function takeInventory(
  container: BuildContainer,
  read: (path: string) => Promise<string | undefined>,
  paths: readonly string[],
): Promise<Inventory> {
  const {tree} = container;
  const format = '%y\\0%U\\0%G\\0%m\\0%s\\0%P\\0';
  const find = (...args: readonly string[]) => container.run(['find', tree, '-xdev', ...args], {quiet: true});
  const getfattr = [
    'getfattr',
    '--absolute-names',
    '--encoding=hex',
    '--match=^security\\.capability$',
    '--dump',
  ];
  const grep = [
    'grep',
    '--recursive',
    '--files-with-matches',
    '--fixed-strings',
    '--devices=skip',
    '--',
    tree,
    tree,
  ];
  const [listing, capabilities, traces, contents] = await Promise.all([
    find('-mindepth', '1', '-printf', format),
    find('-type', 'f', '-exec', ...getfattr, '{}', '+'),
    // grep's exit code 1 says that it found nothing
    container.run(['sh', '-c', '"$@" || [ $? = 1 ]', 'sh', ...grep], {quiet: true}),
    Promise.all(paths.map(async (path) => [path, await read(path)] as const)),
  ]);
  return {
    entries: parseListing(listing),
    capabilities: parseCapabilities(capabilities, tree),
    traces: traces
      .split('\n')
      .filter((path) => path !== '')
      .map((path) => path.slice(tree.length)),
    contents: Object.fromEntries(contents),
  };
}

/** find's output: six fields an entry, each ended by a NUL. */
export function parseListing(listing: string): InventoryEntry[] {
  const fields = listing.split('\0');
  const entries: InventoryEntry[] = [];
  for (let index = 0; index + 5 < fields.length; index += 6) {
    const [type = '', uid, gid, mode = '0', bytes, path = ''] = fields.slice(index, index + 6);
    entries.push({
      path: `/${path}`,
      type,
      uid: Number(uid),
      gid: Number(gid),
      mode: Number.parseInt(mode, 8),
      bytes: Number(bytes),
    });
  }
  return entries;
}

/** getfattr's output: blocks of `# file: PATH` and `security.capability=0x…`. */
export function parseCapabilities(output: string, tree: string): Map<string, string> {
  const blocks = output.split('\n\n').flatMap((block) => {
    const file = /^# file: (.+)$/m.exec(block)?.[1];
    const value = /^security\.capability=0x([0-9a-f]+)$/m.exec(block)?.[1];
    return file === undefined || value === undefined ? [] : [[file.slice(tree.length), value] as const];
  });
  return new Map(blocks);
}
