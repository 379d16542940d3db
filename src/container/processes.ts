import {readdirSync, readFileSync} from 'node:fs';
import {setTimeout} from 'node:timers/promises';
import {Failure} from '../failure.ts';
import {cgroupMounts} from '../host/cgroups.ts';

/** A container as the machine's cgroups have it. */
export interface CgroupPlace {
  /** The container's name. */
  readonly name: string;
  /** A process of its enclosure's mount namespace, which may have other hierarchies mounted than this machine. */
  readonly holder: number;
}

/** A process of a container, seen from this machine. */
export interface ContainerProcess {
  readonly pid: number;
  /** Its command line, shortened; its name where it has none. */
  readonly title: string;
}

/** Names the command that a process descends from, in its environment (proc(5), environ). */
export const commandVariable = 'OSCTL_TEMPLATE_COMMAND';

/** Milliseconds in which killed processes must be gone. */
const patience = 10_000;

/**
 * Ends what a command left running in a container, and gives it. Of a container in which nothing else runs, that is
 * everything but its init; otherwise what has the command's mark in its environment. What a service manager started
 * has no mark: neither is it a child of the command, nor do they hand a caller's environment on.
 */
export async function endLeftovers(
  place: CgroupPlace,
  which: {readonly mark: string} | 'all but init',
): Promise<ContainerProcess[]> {
  const isLeft =
    which === 'all but init' ? (pid: number) => !isInit(pid) : (pid: number) => hasMark(pid, which.mark);
  const left = () => processesOf(place).filter((pid) => isAlive(pid) && isLeft(pid));
  const found = left().map((pid) => ({pid, title: titleOf(pid)}));
  if (found.length === 0) return [];
  const end = Date.now() + patience;
  // what is stopped starts no others, so that who forks faster than it is killed loses
  const stopped = new Set<number>();
  for (let fresh = left(); fresh.length > 0; fresh = left().filter((pid) => !stopped.has(pid))) {
    for (const pid of fresh) stopped.add(send(pid, 'SIGSTOP'));
    if (Date.now() > end) break;
  }
  for (let rest = left(); rest.length > 0; rest = left()) {
    for (const pid of rest) send(pid, 'SIGKILL');
    if (Date.now() > end) {
      throw new Failure(`what a command left running in ${place.name} cannot be ended`, {
        lastLines: rest.slice(0, 10).map(titleOf),
      });
    }
    await setTimeout(5);
  }
  return found;
}

/** What is logged of processes that were ended. */
export function describeLeftovers(ended: readonly ContainerProcess[]): string[] {
  const shown = ended.slice(0, 5).map(({title}) => `left running, and ended: ${title}`);
  return ended.length > shown.length ? [...shown, `and ${ended.length - shown.length} more`] : shown;
}

/** The ids of a container's processes, as this machine has them. */
export function processesOf({name, holder}: CgroupPlace): number[] {
  const below = (root: string, mounts: string) =>
    cgroupMounts(readText(mounts)).map((mount) => `${root}${mount}/lxc.payload.${name}`);
  const places = [
    ...below(`/proc/${holder}/root`, `/proc/${holder}/mounts`),
    ...below('', '/proc/self/mounts'),
  ];
  for (const folder of places) {
    const processes = processesBelow(folder);
    if (processes.length > 0) return processes;
  }
  return [];
}

function processesBelow(folder: string): number[] {
  try {
    const folders = readdirSync(folder, {withFileTypes: true}).filter((entry) => entry.isDirectory());
    const own = readText(`${folder}/cgroup.procs`).split('\n').filter(Boolean).map(Number);
    return [...own, ...folders.flatMap(({name}) => processesBelow(`${folder}/${name}`))];
  } catch {
    return []; // it has ended, or the container is in another hierarchy
  }
}

/** Whether a process is the first one of its own process namespace (proc(5), NSpid). */
function isInit(pid: number): boolean {
  return /^NSpid:.*\s1$/m.test(readText(`/proc/${pid}/status`));
}

function isAlive(pid: number): boolean {
  return /^State:\s+[^ZX]/m.test(readText(`/proc/${pid}/status`));
}

function hasMark(pid: number, mark: string): boolean {
  return readText(`/proc/${pid}/environ`).split('\0').includes(`${commandVariable}=${mark}`);
}

function titleOf(pid: number): string {
  const words = readText(`/proc/${pid}/cmdline`).replaceAll('\0', ' ').trim();
  return (words || readText(`/proc/${pid}/comm`).trim() || `process ${pid}`).slice(0, 160);
}

/** A file of proc or of a cgroup; empty when its process has ended. */
function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** Sends a signal to a process that may have ended; gives its id. */
function send(pid: number, signal: NodeJS.Signals): number {
  try {
    process.kill(pid, signal);
  } catch {} // it ended in between
  return pid;
}
