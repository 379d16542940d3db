import {readFileSync} from 'node:fs';
import test from 'ava';
import {osctlProblems} from '../../src/osctl/integrate.ts';
import {scriptHooks} from '../../src/osctl/script-hooks.ts';
import type {Rootfs} from '../../src/recipe/rootfs.ts';
import {readFolder} from '../../src/rootfs/files.ts';

/** A tree of which only this is known: whether its /etc is a folder, and its hosts. */
function tree(folder: boolean, hosts: string): Rootfs {
  const unused = () => {
    throw new Error('nothing else is looked at');
  };
  return {
    run: unused,
    write: unused,
    remove: unused,
    look: unused,
    succeeds: async () => folder,
    read: async () => hosts,
  };
}

const hosts = '127.0.0.1 localhost\n::1 localhost\n';

test('a template whose /etc is a folder with hosts is usable', async (t) => {
  t.deepEqual(await osctlProblems(scriptHooks, tree(true, hosts)), []);
});

test('one whose /etc is a link, or without a line for ::1, is not', async (t) => {
  t.deepEqual(await osctlProblems(scriptHooks, tree(false, '127.0.0.1 localhost\n')), [
    '/etc/hosts has no line for ::1',
    '/etc is not a folder: the script hooks follow no link',
  ]);
});

test('every hook is one of osctld’s, executable, and for any POSIX shell', async (t) => {
  const known = [
    'pre-start',
    'veth-up',
    'pre-mount',
    'post-mount',
    'on-start',
    'post-start',
    'pre-stop',
    'on-stop',
  ];
  const entries = await readFolder(scriptHooks.hooks ?? new URL('none/', import.meta.url));
  t.true(entries.length > 0);
  for (const entry of entries) {
    t.true([...known, 'veth-down', 'post-stop'].includes(entry.path.slice(1)), entry.path);
    t.is('mode' in entry ? entry.mode : undefined, 0o755, entry.path);
    const source = readFileSync(new URL(`../../src/osctl/hooks${entry.path}`, import.meta.url), 'utf8');
    t.true(source.startsWith('#!/bin/sh\n'), entry.path);
  }
});
