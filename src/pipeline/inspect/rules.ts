import {posix} from 'node:path';
import {idmapSize} from '../../host/idmap.ts';
import {sealedPaths} from '../seal.ts';
import type {Inventory, InventoryEntry} from './inventory.ts';

const {dirname, matchesGlob, resolve} = posix;

/** Something a sealed tree must not have: the rule's words, and where it was found. */
export interface Violation {
  readonly rule: string;
  readonly path: string;
}

/** The files whose content the rules read. */
export const inspectedFiles = [
  '/etc/gshadow',
  '/etc/machine-id',
  '/etc/passwd',
  '/etc/resolv.conf',
  '/etc/shadow',
] as const;

interface Rule {
  readonly says: string;
  readonly finds: (inventory: Inventory) => readonly string[];
}

/** A word that no file of a template may have, in its name, its content, a link's target or an attribute. */
export interface ForbiddenWord {
  readonly word: string;
  /** What a file that has it does wrong. */
  readonly says: string;
  /** The folders in which it counts, each with a slash at its end; everywhere unless given. */
  readonly within?: readonly string[];
}

/** Where programs keep what is theirs; elsewhere a private key is an example or a test's, and a name is a word. */
export const ownPlaces: readonly string[] = ['/etc/', '/root/', '/var/lib/'];

/** What stands in the armour of private keys of any kind: PEM, OpenSSH. */
export const privateKey: ForbiddenWord = {
  word: 'PRIVATE KEY-----',
  says: 'has a private key, which all containers would share',
  within: ownPlaces,
};

/** The revision of a file capability without a namespace's root id, as its first four bytes show it (capabilities(7)). */
const capabilityVersion2 = /^0[01]000002/;

function rulesFor(removed: readonly string[], words: readonly ForbiddenWord[]): Rule[] {
  const entriesWhere = (test: (entry: InventoryEntry) => boolean) => (inventory: Inventory) =>
    inventory.entries.filter(test).map(({path}) => path);
  const plainAndEmpty =
    (path: string) =>
    ({entries, contents}: Inventory) =>
      entries.some((entry) => entry.path === path && entry.type === 'file') && contents[path] === ''
        ? []
        : [path];

  return [
    {
      says: 'is left over and must not be in a template',
      finds: (inventory) => {
        const globs = [...sealedPaths, ...removed].map((glob) => behindLinks(glob, inventory));
        return entriesWhere(({path}) => globs.some((glob) => matches(path, glob)))(inventory);
      },
    },
    {
      says: 'must be an empty, plain file: each container gets its own machine id',
      finds: plainAndEmpty('/etc/machine-id'),
    },
    {
      says: 'must be an empty, plain file: osctl writes the resolvers',
      finds: plainAndEmpty('/etc/resolv.conf'),
    },
    {
      says: 'has a log of the build',
      finds: (inventory) => {
        const logs = behindLinks('/var/log/*', inventory).slice(0, -1);
        return entriesWhere(({path, type}) => type === 'file' && path.startsWith(logs))(inventory);
      },
    },
    {says: 'has a password, or none is needed', finds: passwords},
    {says: 'is a device node', finds: entriesWhere(({type}) => type === 'block' || type === 'character')},
    {
      says: `belongs to an id outside of the ${idmapSize} a container has`,
      finds: (inventory) => [
        ...entriesWhere(({uid, gid}) => [uid, gid].some((id) => id >= idmapSize))(inventory),
        ...inventory.strangers,
      ],
    },
    {
      says: 'has file capabilities that are bound to one user namespace (version 3)',
      finds: ({attributes}) =>
        [...attributes].flatMap(([path, values]) => {
          const value = values.get('security.capability')?.toString('hex');
          return value === undefined || capabilityVersion2.test(value) ? [] : [path];
        }),
    },
    ...words.map(({word, says, within = ['/']}) => ({
      says,
      finds: ({traces}: Inventory) =>
        traces
          .filter((trace) => trace.word === word && within.some((place) => trace.path.startsWith(place)))
          .map(({path}) => path),
    })),
  ];
}

/** A glob with the folders in it that are links replaced by what they lead to. */
function behindLinks(glob: string, {entries}: Inventory): string {
  const links = new Map(
    entries.flatMap(({path, type, target}) =>
      type === 'link' && target !== undefined ? [[path, target] as const] : [],
    ),
  );
  let folder = '/';
  const names = glob.split('/').filter((name) => name !== '');
  const last = names.pop() ?? '';
  for (let steps = 0; names.length > 0 && steps < 40; steps += 1) {
    const next = resolve(folder, names.shift() ?? '');
    const target = links.get(next);
    if (target === undefined) folder = next;
    else {
      names.unshift(...target.split('/').filter((name) => name !== ''));
      if (target.startsWith('/')) folder = '/';
    }
  }
  return resolve(folder, last);
}

/** Whether sealing would remove a path; `/*` at the end of a glob is everything in a folder, hidden files too. */
function matches(path: string, glob: string): boolean {
  return glob.endsWith('/*') ? matchesGlob(dirname(path), dirname(glob)) : matchesGlob(path, glob);
}

/** Accounts and groups that a password opens, or accounts that need none: the second field of shadow(5) and its like. */
function passwords({contents}: Inventory): string[] {
  const open = (path: string, closed: RegExp) =>
    (contents[path] ?? '')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => line.split(':'))
      .filter(([, password = '']) => !closed.test(password))
      .map(([account]) => `${path} (${account})`);
  return [
    ...open('/etc/shadow', /^[!*]/),
    ...open('/etc/passwd', /^(x|[!*].*)$/),
    // a group without one opens to its members only
    ...open('/etc/gshadow', /^[!*]*$/),
  ];
}

/**
 * Everything that is wrong with a sealed tree; `removed` are the recipe's own paths that sealing removes, `words` those
 * that the inventory's traces are of.
 */
export function violations(
  inventory: Inventory,
  removed: readonly string[],
  words: readonly ForbiddenWord[] = [privateKey],
): Violation[] {
  return rulesFor(removed, words).flatMap(({says, finds}) =>
    finds(inventory).map((path) => ({rule: says, path})),
  );
}
