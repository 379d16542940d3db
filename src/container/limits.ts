import {readFileSync} from 'node:fs';
import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Failure} from '../failure.ts';
import {type CgroupLayout, cgroupController, readControllers} from '../host/cgroups.ts';
import type {ContainerSpec, Limits} from './engine.ts';

/** What each limit is set and watched with, and how a person raises it. */
const kinds = {
  memory: {
    controller: 'memory',
    flag: '--memory',
    unit: (bytes: number) => `${(bytes / 2 ** 20).toFixed(0)} MiB of memory`,
    v1: {file: 'memory.limit_in_bytes', events: 'memory.oom_control', event: 'oom_kill'},
    v2: {file: 'memory.max', events: 'memory.events', event: 'oom_kill'},
  },
  processes: {
    controller: 'pids',
    flag: '--processes',
    unit: (count: number) => `${count} processes`,
    v1: {file: 'pids.max', events: 'pids.events', event: 'max'},
    v2: {file: 'pids.max', events: 'pids.events', event: 'max'},
  },
} as const;

type Kind = keyof typeof kinds;

/**
 * What a container gets that nothing was asked for. It is generous: a build of many packages has some 50 processes at
 * once, a booted template takes some 100 MiB.
 */
const defaults: Readonly<Record<ContainerSpec['profile'], Limits>> = {
  tools: {processes: 4096},
  system: {processes: 4096, memory: 2 * 2 ** 30},
};

/**
 * The limits of a container on this machine: those that were asked for, and the default ones that its cgroups can set.
 * Throws a Failure when one that was asked for cannot be set.
 */
export async function settleLimits(
  {profile, limits: wanted = {}}: Pick<ContainerSpec, 'profile' | 'limits'>,
  layout: CgroupLayout,
): Promise<Limits> {
  const controllers = await readControllers(layout);
  const asked = [
    {limit: wanted.memory, ...kinds.memory},
    {limit: wanted.processes, ...kinds.processes},
    {limit: wanted.cpus, controller: 'cpu', flag: '--cpus'},
  ];
  for (const {limit, controller, flag} of asked) {
    if (limit === undefined || controllers.includes(controller)) continue;
    throw new Failure(`this machine's cgroups have no ${controller} controller to limit a container with`, {
      kind: 'machine',
      remedy: `Leave ${flag} out, or boot the machine with the controller: see its kernel command line.`,
    });
  }
  const usual = kindsOf(defaults[profile])
    .filter(({kind}) => controllers.includes(kinds[kind].controller))
    .map(({kind, limit}) => [kind, limit]);
  const given = Object.entries(wanted).filter(([, limit]) => limit !== undefined);
  return Object.fromEntries([...usual, ...given]);
}

/** The keys of lxc.container.conf(5) that set a container's limits. */
export function limitLines(limits: Limits, layout: CgroupLayout): (readonly [key: string, value: string])[] {
  const prefix = layout === 'unified' ? 'lxc.cgroup2' : 'lxc.cgroup';
  const counted = kindsOf(limits).map(({kind, limit}) => {
    return [`${prefix}.${fileOf(kind, layout).file}`, String(limit)] as const;
  });
  return [...counted, ...cpuLines(limits.cpus, layout)];
}

/** Processor time is counted in periods of 100 ms, the kernel's default. */
const period = 100_000;

function cpuLines(cpus: number | undefined, layout: CgroupLayout): (readonly [string, string])[] {
  if (cpus === undefined) return [];
  const quota = Math.round(cpus * period);
  if (layout === 'unified') return [['lxc.cgroup2.cpu.max', `${quota} ${period}`]];
  return [
    ['lxc.cgroup.cpu.cfs_period_us', String(period)],
    ['lxc.cgroup.cpu.cfs_quota_us', String(quota)],
  ];
}

/**
 * Makes groups of this machine's v1 hierarchies for a container that does not see them, as it is on a unified one that
 * has no controllers here. What is started in them stays in them. Gives their folders.
 */
export async function makeGroups(name: string, limits: Limits): Promise<string[]> {
  const folders: string[] = [];
  for (const {kind, limit} of kindsOf(limits)) {
    const folder = groupOf(kind, name);
    if (folder === undefined) continue;
    await mkdir(folder, {recursive: true});
    await writeFile(join(folder, kinds[kind].v1.file), String(limit));
    folders.push(folder);
  }
  return folders;
}

/** A command in such groups. */
export function inGroups(folders: readonly string[], argv: readonly string[]): string[] {
  if (folders.length === 0) return [...argv];
  const script = 'while [ "$1" != -- ]; do echo $$ >"$1/cgroup.procs" || exit; shift; done; shift; exec "$@"';
  return ['sh', '-c', script, 'groups', ...folders, '--', ...argv];
}

/** Watches whether a container has reached a limit since it was asked last. */
export function limitWatch(name: string, limits: Limits): {check(): Failure | undefined} {
  const watched = kindsOf(limits).map(({kind, limit}) => ({kind, limit, seen: 0}));
  return {
    check() {
      for (const each of watched) {
        const {kind, limit, seen} = each;
        const count = occurrences(kind, name);
        each.seen = count;
        if (count <= seen) continue;
        const {flag, unit} = kinds[kind];
        return new Failure(`the container reached its limit of ${unit(limit)}`, {
          remedy: `Give it more (${flag}, or the key of that name in the configuration), if it needs as much.`,
        });
      }
      return undefined;
    },
  };
}

/** How often a limit has been met: processes that were not started, or were killed. */
function occurrences(kind: Kind, name: string): number {
  const folder = groupOf(kind, name);
  if (folder === undefined) return 0;
  for (const {events, event} of [kinds[kind].v1, kinds[kind].v2]) {
    try {
      const counts = readFileSync(join(folder, events), 'utf8');
      return Number(new RegExp(`^${event} (\\d+)$`, 'm').exec(counts)?.[1] ?? 0);
    } catch {} // of the other version, or not there any more
  }
  return 0;
}

/** A container's group in the hierarchy that this machine has a limit's controller in. */
function groupOf(kind: Kind, name: string): string | undefined {
  const mount = cgroupController(kinds[kind].controller);
  return mount === undefined ? undefined : join(mount, `lxc.payload.${name}`);
}

function kindsOf(limits: Limits): {kind: Kind; limit: number}[] {
  return (['memory', 'processes'] as const).flatMap((kind) => {
    const limit = limits[kind];
    return limit === undefined ? [] : [{kind, limit}];
  });
}

function fileOf(kind: Kind, layout: CgroupLayout) {
  return layout === 'unified' ? kinds[kind].v2 : kinds[kind].v1;
}
