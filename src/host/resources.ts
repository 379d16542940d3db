import {join} from 'node:path';
import {type Machine, thisMachine} from './machine.ts';

/** What builds may use of this machine. */
export interface Resources {
  /** Processors, 1 or more. */
  readonly cores: number;
  /** Bytes that can be had without swapping or being killed. */
  readonly memory: number;
}

/** Bytes a build takes with its tree on tmpfs: the tree, its package cache and packed form, and the processes. */
export const memoryOfABuild = 2 * 2 ** 30;

/** Where a build's tree is while it is made. */
export type TreeMedium = {readonly medium: 'disk'} | {readonly medium: 'tmpfs'; readonly bytes: number};

/** What this process's cgroups and the machine leave for builds. */
export async function readResources(machine: Machine = thisMachine): Promise<Resources> {
  const read = async (path: string) => (await machine.readFile(path)) ?? '';
  const [meminfo, cgroups, mounts] = await Promise.all(
    ['/proc/meminfo', '/proc/self/cgroup', '/proc/self/mounts'].map(read),
  );
  const left = memoryCgroups(cgroups ?? '', mounts ?? '').map(async (folder) => {
    const [limit, used] = folder.version === 2 ? ['max', 'current'] : ['limit_in_bytes', 'usage_in_bytes'];
    return memoryLeft({
      limit: await read(join(folder.path, `memory.${limit}`)),
      usage: await read(join(folder.path, `memory.${used}`)),
      stat: await read(join(folder.path, 'memory.stat')),
    });
  });
  return {
    cores: machine.cores,
    memory: Math.min(memoryAvailable(meminfo ?? ''), ...(await Promise.all(left))),
  };
}

/** How many builds go at once: one a core, as far as memory carries them, at least one. */
export function defaultJobs({cores, memory}: Resources): number {
  return Math.max(1, Math.min(cores, Math.floor(memory / memoryOfABuild)));
}

/**
 * Where trees go when `jobs` builds share the memory, each within `limit` bytes: the kernel counts what a build
 * writes to a tmpfs as its memory. A tmpfs may grow to three quarters of its build's share.
 */
export function treeMedium(
  wish: 'auto' | 'tmpfs' | 'disk',
  jobs: number,
  {memory}: Pick<Resources, 'memory'>,
  limit = Number.POSITIVE_INFINITY,
): TreeMedium {
  const share = Math.min(memory / jobs, limit);
  if (wish === 'disk' || (wish === 'auto' && share < memoryOfABuild)) return {medium: 'disk'};
  return {medium: 'tmpfs', bytes: Math.floor(share * 0.75)};
}

/** MemAvailable of proc_meminfo(5), in bytes; 0 where it is not told. */
export function memoryAvailable(meminfo: string): number {
  const [, kibibytes = '0'] = /^MemAvailable:\s+(\d+) kB$/m.exec(meminfo) ?? [];
  return Number(kibibytes) * 1024;
}

interface MemoryCgroup {
  readonly version: 1 | 2;
  readonly path: string;
}

/** The folders of the memory cgroups a process is in, its own first, then its ancestors' (cgroups(7)). */
export function memoryCgroups(cgroups: string, mounts: string): MemoryCgroup[] {
  const mountTable = mounts.split('\n').map((line) => line.split(' '));
  return cgroups.split('\n').flatMap((line) => {
    const [, controllers = '', own = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    const version = own !== '' && controllers === '' ? 2 : 1;
    if (version === 1 && !controllers.split(',').includes('memory')) return [];
    const [, mount] =
      mountTable.find(([, , type, options = '']) =>
        version === 2 ? type === 'cgroup2' : type === 'cgroup' && options.split(',').includes('memory'),
      ) ?? [];
    if (mount === undefined) return [];
    const names = own.split('/').filter((name) => name !== '');
    return [...names.keys(), names.length]
      .reverse()
      .map((depth) => ({version, path: join(mount, ...names.slice(0, depth))}));
  });
}

/** The texts of a memory cgroup's files; empty where there is no such file. */
interface MemoryFiles {
  readonly limit: string;
  readonly usage: string;
  readonly stat: string;
}

/** Bytes a cgroup leaves; Infinity when it has no limit. Files in the page cache count as left: the kernel drops them. */
export function memoryLeft({limit, usage, stat}: MemoryFiles): number {
  const bytes = Number.parseInt(limit, 10); // NaN for "max" and for nothing
  if (Number.isNaN(bytes)) return Number.POSITIVE_INFINITY;
  // Version 1 counts a group's descendants in the line that starts with "total_", version 2 always.
  const [, cache = '0'] =
    /^total_inactive_file (\d+)$/m.exec(stat) ?? /^inactive_file (\d+)$/m.exec(stat) ?? [];
  return Math.max(0, bytes - Math.max(0, Number.parseInt(usage, 10) - Number(cache)));
}
