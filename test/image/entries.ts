import type {FileEntry} from '../../src/recipe/rootfs.ts';

/** Unix seconds. */
export const mtime = 1_763_900_000;

/** Every type of entry, names with blanks, and contents of no, one and several bytes a letter. */
export const entries: readonly FileEntry[] = [
  {path: '/etc/network/interfaces.d', directory: true},
  {path: '/etc/motd', content: 'Welcome\n'},
  {path: '/usr/bin/hello', content: '#!/bin/sh\n', mode: 0o755},
  {path: '/etc/localtime', target: '/usr/share/zoneinfo/Etc/UTC'},
  {path: '/etc/empty', content: ''},
  {path: '/etc/a b', content: 'ü'},
];
