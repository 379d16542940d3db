import test from 'ava';
import type {Machine} from '../../src/host/machine.ts';
import {
  defaultJobs,
  memoryAvailable,
  memoryCgroups,
  memoryLeft,
  readResources,
  treeMedium,
} from '../../src/host/resources.ts';
import {brokenMachine} from './broken-machine.ts';

const gib = 2 ** 30;

test('as many builds as cores, as far as memory carries them, at least one', (t) => {
  t.is(defaultJobs({cores: 4, memory: 64 * gib}), 4);
  t.is(defaultJobs({cores: 16, memory: 9 * gib}), 4);
  t.is(defaultJobs({cores: 2, memory: gib}), 1);
});

test('trees are on tmpfs where every build has two gibibytes', (t) => {
  t.deepEqual(treeMedium('auto', 2, {memory: 4 * gib}), {medium: 'tmpfs', bytes: 1.5 * gib});
  t.deepEqual(treeMedium('auto', 2, {memory: 4 * gib - 2}), {medium: 'disk'});
  t.deepEqual(treeMedium('tmpfs', 4, {memory: 4 * gib}), {medium: 'tmpfs', bytes: 0.75 * gib});
  t.deepEqual(treeMedium('disk', 1, {memory: 64 * gib}), {medium: 'disk'});
});

test('a tree on tmpfs counts as its build’s memory', (t) => {
  t.deepEqual(treeMedium('auto', 2, {memory: 64 * gib}, gib), {medium: 'disk'});
  t.deepEqual(treeMedium('auto', 2, {memory: 64 * gib}, 4 * gib), {medium: 'tmpfs', bytes: 3 * gib});
});

test('available memory is in bytes', (t) => {
  t.is(memoryAvailable('MemTotal:  2000 kB\nMemAvailable:    1000 kB\n'), 1_024_000);
  t.is(memoryAvailable(''), 0);
});

test('a cgroup and its ancestors, version 2', (t) => {
  const mounts = 'proc /proc proc rw 0 0\ncgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n';
  t.deepEqual(
    memoryCgroups('0::/ci.slice/job-1\n', mounts).map(({path}) => path),
    ['/sys/fs/cgroup/ci.slice/job-1', '/sys/fs/cgroup/ci.slice', '/sys/fs/cgroup'],
  );
});

test('the memory cgroup of version 1 among others', (t) => {
  const mounts =
    'cgroup /sys/fs/cgroup/cpu cgroup rw,cpu 0 0\ncgroup /sys/fs/cgroup/memory cgroup rw,memory 0 0\n';
  t.deepEqual(memoryCgroups('5:cpu,cpuacct:/a\n4:memory:/job\n1:name=systemd:/b\n', mounts), [
    {version: 1, path: '/sys/fs/cgroup/memory/job'},
    {version: 1, path: '/sys/fs/cgroup/memory'},
  ]);
});

test('a cgroup leaves its limit less what is used, files in the page cache aside', (t) => {
  t.is(memoryLeft({limit: '1000\n', usage: '700\n', stat: 'anon 400\ninactive_file 300\n'}), 600);
  t.is(memoryLeft({limit: '1000', usage: '700', stat: 'inactive_file 1\ntotal_inactive_file 300\n'}), 600);
  t.is(memoryLeft({limit: '1000', usage: '1200', stat: ''}), 0);
  t.is(memoryLeft({limit: 'max\n', usage: '700', stat: ''}), Number.POSITIVE_INFINITY);
  t.is(memoryLeft({limit: '', usage: '', stat: ''}), Number.POSITIVE_INFINITY);
});

test('the tightest of the machine and its cgroups counts', async (t) => {
  const machine: Machine = brokenMachine({
    files: {
      '/proc/meminfo': 'MemAvailable: 8388608 kB\n',
      '/proc/self/cgroup': '0::/a/b\n',
      '/proc/self/mounts': 'cgroup2 /sys/fs/cgroup cgroup2 rw 0 0\n',
      '/sys/fs/cgroup/a/memory.max': String(3 * gib),
      '/sys/fs/cgroup/a/memory.current': String(gib),
      '/sys/fs/cgroup/a/b/memory.max': 'max',
    },
  });
  t.deepEqual(await readResources(machine), {cores: 2, memory: 2 * gib});
});
