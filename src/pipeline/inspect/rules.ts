import {dirname, matchesGlob} from 'node:path';
import {idmapSize} from '../../host/idmap.ts';
import {sealedPaths} from '../seal.ts';
import type {Inventory, InventoryEntry} from './inventory.ts';

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

/** Where the kernel shows an owner that is not mapped (proc(5), overflowuid). */
const overflowId = 65_534;

/** The revision of a file capability without a namespace's root id, as its first four bytes show it (capabilities(7)). */
const capabilityVersion2 = /^0[01]000002/;

function rulesFor(removed: readonly string[]): Rule[] {
  const entriesWhere = (test: (entry: InventoryEntry) => boolean) => (inventory: Inventory) =>
    inventory.entries.filter(test).map(({path}) => path);
  const present = (globs: readonly string[]) =>
    entriesWhere(({path}) => globs.some((glob) => matches(path, glob)));
  const plainAndEmpty =
    (path: string) =>
    ({entries, contents}: Inventory) =>
      entries.some((entry) => entry.path === path && entry.type === 'f') && contents[path] === ''
        ? []
        : [path];

  return [
    {says: 'is left over and must not be in a template', finds: present([...sealedPaths, ...removed])},
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
      finds: entriesWhere(({path, type}) => type === 'f' && path.startsWith('/var/log/')),
    },
    {says: 'has a password, or none is needed', finds: passwords},
    {says: 'is a device node', finds: entriesWhere(({type}) => type === 'b' || type === 'c')},
    {
      says: `belongs to an id outside of the ${idmapSize} a container has`,
      finds: entriesWhere(({uid, gid}) => [uid, gid].some((id) => id >= idmapSize || id === overflowId)),
    },
    {
      says: 'has file capabilities that are bound to one user namespace (version 3)',
      finds: ({capabilities}) =>
        [...capabilities].filter(([, value]) => !capabilityVersion2.test(value)).map(([path]) => path),
    },
    {says: 'has the path of the build in it', finds: ({traces}) => traces},
  ];
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

/** Everything that is wrong with a sealed tree; `removed` are the recipe's own paths that sealing removes. */
export function violations(inventory: Inventory, removed: readonly string[]): Violation[] {
  return rulesFor(removed).flatMap(({says, finds}) => finds(inventory).map((path) => ({rule: says, path})));
}
