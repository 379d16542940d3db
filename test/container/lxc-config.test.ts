import test from 'ava';
import type {ContainerSpec} from '../../src/container/engine.ts';
import {type ConfigSource, lxcConfig} from '../../src/container/lxc-config.ts';

const tools: ContainerSpec = {
  role: 'build',
  layers: [],
  veths: 'none',
  init: ['/usr/bin/catatonit', '-P'],
  profile: 'tools',
};
const system: ContainerSpec = {...tools, init: ['/sbin/init'], profile: 'system', veths: []};

/** The values of each key, in order. */
function config(spec: ContainerSpec, rest: Partial<ConfigSource> = {}): Map<string, string[]> {
  const text = lxcConfig({
    spec,
    name: 'debian-13-c0ffee-build',
    idmap: {uid: 1_000_000, gid: 2_000_000},
    layout: 'unified',
    limits: {},
    root: '/mnt/roots/build',
    trees: [],
    folder: ({name}) => `/mnt/scratch/${name}`,
    mountHook: '/mnt/mount-hook',
    resolvers: '/mnt/resolv.conf',
    device: (path) => `/mnt/devices/${path}`,
    consoleLog: '/mnt/lxc/console.log',
    ...rest,
  });
  const lines = text
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' = '));
  const values = new Map<string, string[]>();
  for (const [key = '', value = ''] of lines) values.set(key, [...(values.get(key) ?? []), value]);
  return values;
}

test('ids from 0 to 524287 are mapped, of users and groups each to their own range', (t) => {
  t.deepEqual(config(tools).get('lxc.idmap'), ['u 0 1000000 524288', 'g 0 2000000 524288']);
});

test("a build shares the host's network and gets its resolvers, read-only", (t) => {
  const lines = config(tools);
  t.deepEqual(lines.get('lxc.net.0.type'), ['none']);
  t.true(
    lines
      .get('lxc.mount.entry')
      ?.some((entry) => /^\/mnt\/resolv\.conf etc\/resolv\.conf none .*\bro\b/.test(entry)),
  );
  t.true(lines.get('lxc.mount.entry')?.some((entry) => /^\/sys sys none rbind,ro,/.test(entry)));
});

test('a system container has a tmpfs on /run and no file of the host', (t) => {
  const lines = config(system);
  t.deepEqual(lines.get('lxc.net.0.type'), ['empty']);
  t.is(lines.get('lxc.mount.entry')?.length, 1);
  t.regex(lines.get('lxc.mount.entry')?.[0] ?? '', /^tmpfs run tmpfs /);
  t.deepEqual(lines.get('lxc.hook.mount'), ['/mnt/mount-hook']);
});

test('interfaces are veths, in order', (t) => {
  const veths = [
    {name: 'eth0', peer: 'a0'},
    {name: 'eth1', peer: 'a1'},
  ];
  const lines = config({...system, veths});
  t.deepEqual(lines.get('lxc.net.0.name'), ['eth0']);
  t.deepEqual(lines.get('lxc.net.1.veth.pair'), ['a1']);
});

test('limits are written in the words of the cgroup version', (t) => {
  const limits = {memory: 2 ** 30, cpus: 1.5};
  const unified = config(tools, {limits});
  t.deepEqual(unified.get('lxc.cgroup2.memory.max'), ['1073741824']);
  t.deepEqual(unified.get('lxc.cgroup2.cpu.max'), ['150000 100000']);
  const hybrid = config(tools, {limits, layout: 'hybrid'});
  t.deepEqual(hybrid.get('lxc.cgroup.memory.limit_in_bytes'), ['1073741824']);
  t.deepEqual(hybrid.get('lxc.cgroup.cpu.cfs_quota_us'), ['150000']);
  t.false([...config(tools).keys()].some((key) => key.startsWith('lxc.cgroup')));
});

test('a system’s hostname is the container’s name unless given, and tools have nobody’s', (t) => {
  t.deepEqual(config(tools).get('lxc.uts.name'), ['localhost']);
  t.deepEqual(config(system).get('lxc.uts.name'), ['debian-13-c0ffee-build']);
  t.deepEqual(config({...system, hostname: 'vps.example.org'}).get('lxc.uts.name'), ['vps.example.org']);
});

test('folders of the scratch are bound at their paths', (t) => {
  const entries = config({...tools, folders: [{name: 'tree', path: '/srv/tree'}]}).get('lxc.mount.entry');
  t.is(entries?.at(-1), '/mnt/scratch/tree srv/tree none bind,create=dir 0 0');
});

test('a tree that the container sees is bound read-only', (t) => {
  const trees = [{source: '/mnt/layers/nesting-1-tree-0', path: '/mnt'}];
  const entries = config(system, {trees}).get('lxc.mount.entry') ?? [];
  t.true(entries.includes('/mnt/layers/nesting-1-tree-0 mnt none bind,ro,create=dir 0 0'));
});
