import {type Finding, missing, present} from './finding.ts';
import {findIdmap, type Idmap, idmapSize} from './idmap.ts';
import type {Machine} from './machine.ts';
import {missingCommands} from './tools.ts';

/** Something containers need of the kernel, tried for real in namespaces that end with the probe. */
interface Probe {
  readonly name: string;
  /** Said when it works. */
  readonly found: string;
  readonly command: readonly [string, ...string[]];
  readonly remedy: string;
}

/**
 * Tries what containers need of the kernel. Only root can; what cannot be tried for want of a program is left out,
 * as the missing program is a finding of its own.
 */
export async function tryKernel(machine: Machine): Promise<Finding[]> {
  const [namespaces, ids] = await Promise.all([checkUserNamespaces(machine), readRange(machine)]);
  const mappable = namespaces.ok && 'uid' in ids;
  const probes = [
    ...(mappable ? [mapping(ids)] : []),
    overlay('uid' in ids ? ids : {uid: 0, gid: 0}),
    cgroup,
    network,
  ];
  return [
    namespaces,
    ...('uid' in ids ? [] : [ids]),
    ...(await Promise.all(probes.map((probe) => attempt(machine, probe)))).flat(),
  ];
}

/**
 * Root may make user namespaces unless their number is limited to none (namespaces(7)). Debian's
 * kernel.unprivileged_userns_clone and Ubuntu's kernel.apparmor_restrict_unprivileged_userns only bind
 * processes without CAP_SYS_ADMIN, so they are not looked at.
 */
async function checkUserNamespaces(machine: Machine): Promise<Finding> {
  const name = 'user namespaces';
  const limit = await machine.readFile('/proc/sys/user/max_user_namespaces');
  if (limit === undefined) {
    return missing(name, 'not in this kernel', 'Boot a kernel with CONFIG_USER_NS=y; distributions have it.');
  }
  if (Number(limit) > 0) return present(name, `up to ${limit.trim()}`);
  return missing(
    name,
    'turned off (user.max_user_namespaces is 0)',
    'Run: sysctl user.max_user_namespaces=65536\nand look in /etc/sysctl.d for the line that turns them off.',
  );
}

async function readRange(machine: Machine): Promise<Idmap | Finding> {
  const [subuid, subgid] = await Promise.all([
    machine.readFile('/etc/subuid'),
    machine.readFile('/etc/subgid'),
  ]);
  const uid = findIdmap(subuid ?? '');
  const gid = findIdmap(subgid ?? '');
  if (uid !== undefined && gid !== undefined) return {uid, gid};
  const files = [
    ...(uid === undefined ? ['/etc/subuid'] : []),
    ...(gid === undefined ? ['/etc/subgid'] : []),
  ];
  return missing(
    'ids',
    `root has no range of ${idmapSize} ids in ${files.join(' and ')}`,
    'Run `npm run setup`, which adds one that is free, or add a line like root:1000000:524288 to both files.',
  );
}

/** Runs a probe; nothing is found when a program for it is not there. */
async function attempt(machine: Machine, {name, found, command, remedy}: Probe): Promise<Finding[]> {
  const [program, ...args] = command;
  if ((await missingCommands(machine, [program])).length > 0) return [];
  const {ok, output} = await machine.run(program, args);
  if (ok) return [present(name, found)];
  return [missing(name, output.trim().split('\n').at(-1) || `${program} failed`, remedy)];
}

const privateMounts = ['--mount', '--propagation', 'private'];

const contained =
  'If this root is itself in a container or a sandbox, give that CAP_SYS_ADMIN and no seccomp or AppArmor profile\n' +
  '(docker run --privileged, LXC nesting), or run outside of it.';

function mapping({uid, gid}: Idmap): Probe {
  return {
    name: 'ids',
    found: `${idmapSize} from ${uid}${gid === uid ? '' : ` and, for groups, from ${gid}`}`,
    command: [
      'lxc-usernsexec',
      '-m',
      `u:0:${uid}:${idmapSize}`,
      '-m',
      `g:0:${gid}:${idmapSize}`,
      '--',
      'true',
    ],
    remedy: `/proc/self/uid_map and gid_map must cover this range.\n${contained}`,
  };
}

/** As a build mounts its tree: the upper folder belongs to the container's root. */
function overlay({uid, gid}: Idmap): Probe {
  const script = `
    mount -t tmpfs tmpfs /tmp
    mkdir /tmp/lower /tmp/upper /tmp/work /tmp/tree
    chown ${uid}:${gid} /tmp/upper
    mount -t overlay -o lowerdir=/tmp/lower,upperdir=/tmp/upper,workdir=/tmp/work overlay /tmp/tree
    test "$(stat -c %u:%g /tmp/tree)" = ${uid}:${gid}`;
  return {
    name: 'overlay',
    found: 'mounts',
    command: ['unshare', ...privateMounts, 'sh', '-e', '-c', script],
    remedy: `Run: modprobe overlay\n${contained}`,
  };
}

/** A unified hierarchy of its own is what LXC gets, whatever the host has at /sys/fs/cgroup. */
const cgroup: Probe = {
  name: 'cgroups',
  found: 'a unified hierarchy mounts',
  command: [
    'unshare',
    ...privateMounts,
    'sh',
    '-e',
    '-c',
    'mount -t cgroup2 cgroup2 /tmp; mkdir "/tmp/osctl-template-probe-$$"; rmdir "/tmp/osctl-template-probe-$$"',
  ],
  remedy: `Linux 4.5 or newer with CONFIG_CGROUPS is needed, and /sys/fs/cgroup writable.\n${contained}`,
};

const network: Probe = {
  name: 'network',
  found: 'a namespace with a veth pair',
  command: [
    'unshare',
    '--net',
    'ip',
    'link',
    'add',
    'name',
    'probe0',
    'type',
    'veth',
    'peer',
    'name',
    'probe1',
  ],
  remedy: `Run: modprobe veth\n${contained}`,
};
