/**
 * Where an enclosure has its things in its own mount namespace: short paths that any id can reach. They cover what
 * the machine has there, so it is LXC's own folder: an output folder or a checkout may well be below /mnt.
 */
const base = '/var/lib/lxc';

export const inEnclosure = {
  base,
  /** LXC's folder, with one for each container: its configuration and logs. */
  lxc: `${base}/lxc`,
  mountHook: `${base}/mount-hook`,
  resolvers: `${base}/resolv.conf`,
  devices: `${base}/devices`,
  layers: `${base}/layers`,
  roots: `${base}/roots`,
  scratch: `${base}/scratch`,
} as const;

/** A container's root filesystem in its enclosure. */
export function rootOf(role: string): string {
  return `${inEnclosure.roots}/${role}`;
}

/** A container's name, unique on this machine. */
export function containerName(enclosure: string, role: string): string {
  return `${enclosure}-${role}`;
}

/** What holds an enclosure's namespaces. */
export interface Holder {
  readonly pid: number;
  readonly ownNetwork: boolean;
}

/** A command of this machine inside an enclosure's namespaces. */
export function inNamespaces({pid, ownNetwork}: Holder, argv: readonly string[]): string[] {
  const namespaces = ownNetwork ? ['--mount', '--net'] : ['--mount'];
  return ['nsenter', '--target', String(pid), ...namespaces, '--', ...argv];
}
