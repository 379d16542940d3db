import {Failure} from '../failure.ts';
import type {Member} from './member.ts';

/**
 * What a running container needs when nobody asks anything of it: `idleCpuPercent` of one core over two seconds, where
 * its cgroups count that, and `idleMemoryBytes`, the anonymous memory of its processes. Pages of programs and libraries
 * are not counted: containers that run at the same time share them, so their part would change with how many there are.
 */
export async function measureIdle(member: Member): Promise<Record<string, number>> {
  const lines = (await member.run(['sh', '-c', script])).trim().split('\n');
  const [before, after, pages] = lines.map((line) => line.split(' ').map(Number));
  const kilobytes = pages?.[0];
  if (kilobytes === undefined || !(kilobytes > 0))
    throw new Failure('its processes do not tell what they have in memory');
  const memory = {idleMemoryBytes: kilobytes * 1024};
  const [usedBefore = 0, secondsBefore = 0] = before ?? [];
  const [usedAfter = 0, secondsAfter = 0] = after ?? [];
  if (usedAfter === 0 || secondsAfter <= secondsBefore) return memory;
  const percent = (usedAfter - usedBefore) / 10_000 / (secondsAfter - secondsBefore);
  return {idleCpuPercent: Math.round(percent * 100) / 100, ...memory};
}

/**
 * Two lines of the processor time used, in microseconds (`usage_usec` in cpu.stat of the kernel's cgroup-v2.rst), with
 * the uptime in seconds, and one of the kilobytes of all processes' anonymous memory (`Pss_Anon`, proc(5)). The
 * shell's own are not among them.
 */
const script = `
used() {
  total=0
  if [ -r /sys/fs/cgroup/cpu.stat ]; then
    while read -r key value; do [ "$key" != usage_usec ] || total=$value; done < /sys/fs/cgroup/cpu.stat
  fi
  read -r uptime idle < /proc/uptime
  echo "$total $uptime"
}
used
sleep 2
used
sum=0
for folder in /proc/[0-9]*; do
  [ "$folder" != "/proc/$$" ] || continue
  while read -r key value unit; do
    [ "$key" != Pss_Anon: ] || sum=$((sum + value))
  done 2>/dev/null < "$folder/smaps_rollup"
done
echo $sum
`;
