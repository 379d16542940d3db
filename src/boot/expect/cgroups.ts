import type {RunningMember} from '../member/member.ts';
import {expect} from './expect.ts';

/** The cgroup hierarchies that are mounted in a running container: their types by path (proc(5), `/proc/self/mounts`). */
export async function hierarchies(member: RunningMember): Promise<Map<string, string>> {
  const mounts = (await member.run(['cat', '/proc/self/mounts'])).split('\n').map((line) => line.split(' '));
  // a later mount covers an earlier one
  const types = new Map(mounts.map(([, path = '', type = '']) => [path, type]));
  return new Map([...types].filter(([, type]) => type === 'cgroup' || type === 'cgroup2'));
}

/** That root can make a group in a hierarchy and put a process into it. */
export async function expectChildGroup(member: RunningMember, hierarchy: string): Promise<void> {
  const {exitCode, lastLines} = await member.ask(['sh', '-c', childGroup, hierarchy]);
  expect(exitCode === 0, `no process can be put into a new group of ${hierarchy}`, lastLines);
}

const childGroup = `
group="$0/osctl-template-$$"
mkdir "$group" || exit
sh -c 'echo $$ > "$0/cgroup.procs"' "$group"
put=$?
rmdir "$group" && exit $put
`;
