import {readFileSync} from 'node:fs';
import {readFile} from 'node:fs/promises';

/** `unified` is cgroup v2 alone, `hybrid` v1 controllers with or without an empty v2 beside them. */
export type CgroupLayout = 'unified' | 'hybrid';

/** The layout a mount table (proc(5), `/proc/self/mounts`) shows. */
export function cgroupLayout(mounts: string): CgroupLayout {
  const root = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .findLast(([, target]) => target === '/sys/fs/cgroup');
  return root?.[2] === 'cgroup2' ? 'unified' : 'hybrid';
}

/** This machine's layout. */
export async function readCgroupLayout(): Promise<CgroupLayout> {
  return cgroupLayout(await readFile('/proc/self/mounts', 'utf8'));
}

/** The folders of every cgroup hierarchy that is mounted. */
export function cgroupMounts(mounts: string): string[] {
  return mounts
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, , type]) => type === 'cgroup' || type === 'cgroup2')
    .map(([, target = '']) => target);
}

/** The controllers this machine can limit containers with, in the layout it has: `memory`, `cpu` and others. */
export async function readControllers(layout: CgroupLayout): Promise<string[]> {
  if (layout === 'unified') {
    return (await readFile('/sys/fs/cgroup/cgroup.controllers', 'utf8')).trim().split(' ');
  }
  const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' '));
  return mounts.flatMap(([, , type, options = '']) => (type === 'cgroup' ? options.split(',') : []));
}

/** Where the hierarchy with a controller is mounted on this machine; undefined where none has it. */
export function cgroupController(controller: string): string | undefined {
  const mounts = readFileSync('/proc/self/mounts', 'utf8')
    .split('\n')
    .map((line) => line.split(' '));
  const v1 = mounts.find(
    ([, , type, options = '']) => type === 'cgroup' && options.split(',').includes(controller),
  );
  return (v1 ?? mounts.find(([, , type]) => type === 'cgroup2'))?.[1];
}
