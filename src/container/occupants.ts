import {readdirSync, readFileSync, readlinkSync} from 'node:fs';
import {setTimeout} from 'node:timers/promises';
import {Failure} from '../failure.ts';
import {inEnclosure} from './namespaces.ts';

/** An enclosure, as its processes are known by. */
export interface OccupiedPlace {
  readonly name: string;
  readonly ownNetwork: boolean;
}

/** Milliseconds in which killed processes must be gone. */
const patience = 10_000;

/**
 * The processes of an enclosure, also of one whose holder is dead: LXC's monitors, with which their containers end, and
 * helpers of this machine. They are those that have the enclosure's folder mounted where LXC finds it, in its mount
 * namespace or a copy of that, and all others in the same mount and network namespaces.
 *
 * Namespaces' inodes alone, noted in a file, would not do: the kernel gives them to new namespaces once the old ones
 * have ended. Those of a process that is alive are nobody else's.
 */
export function occupantsOf({name, ownNetwork}: OccupiedPlace): number[] {
  const pids = readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && pid !== process.pid);
  const kinds = ownNetwork ? ['mnt', 'net'] : ['mnt'];
  const theirs = new Set(
    pids
      .filter((pid) => hasFolderOf(name, readText(`/proc/${pid}/mountinfo`)))
      .flatMap((pid) => kinds.map((kind) => namespaceOf(pid, kind))),
  );
  for (const own of [...kinds.map((kind) => namespaceOf('self', kind)), '']) theirs.delete(own);
  return pids.filter((pid) => kinds.some((kind) => theirs.has(namespaceOf(pid, kind))));
}

/** Kills an enclosure's processes until there are none; throws a Failure when they do not end. */
export async function endOccupants(place: OccupiedPlace): Promise<void> {
  const end = Date.now() + patience;
  for (let left = occupantsOf(place); left.length > 0; left = occupantsOf(place)) {
    if (Date.now() > end) {
      throw new Failure(`processes of ${place.name} cannot be ended: ${left.join(', ')}`, {kind: 'machine'});
    }
    for (const pid of left) kill(pid);
    await setTimeout(20);
  }
}

/** Whether an enclosure's folder, which may have been removed since, is mounted as LXC's: proc_pid_mountinfo(5). */
function hasFolderOf(name: string, mountinfo: string): boolean {
  return mountinfo.split('\n').some((line) => {
    const [, , , root = '', place] = line.split(' ');
    return place === inEnclosure.lxc && root.replace(/\/\/deleted$/, '').endsWith(`/${name}`);
  });
}

/** A namespace as the kernel names it: `mnt:[4026531841]`; empty when the process has ended. */
function namespaceOf(pid: number | 'self', kind: string): string {
  try {
    return readlinkSync(`/proc/${pid}/ns/${kind}`);
  } catch {
    return '';
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return ''; // it has ended
  }
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {} // it ended in between
}
