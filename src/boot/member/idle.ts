import {Failure} from '../../failure.ts';
import type {RunningMember} from './member.ts';

/** Two seconds of a running container of which nobody asks anything. */
export interface Idle {
  /**
   * `idleCpuPercent` of one core, where its cgroups count that, and `idleMemoryBytes`, the anonymous memory of its
   * processes. Pages of programs and libraries are not counted: containers that run at the same time share them, so their
   * part would change with how many there are.
   */
  readonly measured: Readonly<Record<string, number>>;
  /** How many processes and threads were started. */
  readonly started: number;
  /** The names of the processes that there were at its end. */
  readonly processes: readonly string[];
}

/** Watches a container for two seconds; throws a Failure when its processes cannot be read. */
export async function watchIdle(member: Pick<RunningMember, 'run'>): Promise<Idle> {
  const lines = (await member.run(['sh', '-c', script])).trim().split('\n');
  const [before, after, memory] = lines.map((line) => line.split(' ').map(Number));
  const kilobytes = memory?.[0];
  if (kilobytes === undefined || !(kilobytes > 0))
    throw new Failure('its processes do not tell what they have in memory');
  const [usedBefore = 0, secondsBefore = 0, firstPid = 0] = before ?? [];
  const [usedAfter = 0, secondsAfter = 0, lastPid = 0] = after ?? [];
  const percent = (usedAfter - usedBefore) / 10_000 / (secondsAfter - secondsBefore);
  const cpu = usedAfter === 0 ? {} : {idleCpuPercent: Math.round(percent * 100) / 100};
  return {
    measured: {...cpu, idleMemoryBytes: kilobytes * 1024},
    started: lastPid - firstPid - ownProcesses,
    processes: lines.slice(3),
  };
}

/** What the script starts between the numbers of its first and its second process: sleep, and that second one. */
const ownProcesses = 2;

/**
 * Two lines of the processor time used, in microseconds (`usage_usec` in cpu.stat of the kernel's cgroup-v2.rst), the
 * uptime in seconds, and the number of a process that has just been started, as a pid namespace counts its processes and
 * threads up. Then one of the kilobytes of all processes' anonymous memory (`Pss_Anon`, proc(5)), and the processes' names,
 * a line each. The shell's own are not among them.
 */
const script = `
used() {
  total=0
  if [ -r /sys/fs/cgroup/cpu.stat ]; then
    while read -r key value; do [ "$key" != usage_usec ] || total=$value; done < /sys/fs/cgroup/cpu.stat
  fi
  read -r uptime idle < /proc/uptime
}
used
sh -c 'echo "$0 $$"' "$total $uptime"
sleep 2
used
sh -c 'echo "$0 $$"' "$total $uptime"
sum=0 names=
for folder in /proc/[0-9]*; do
  [ "$folder" != "/proc/$$" ] || continue
  read -r name 2>/dev/null < "$folder/comm" || continue
  names="$names$name
"
  while read -r key value unit; do
    [ "$key" != Pss_Anon: ] || sum=$((sum + value))
  done 2>/dev/null < "$folder/smaps_rollup"
done
echo "$sum
$names"
`;
