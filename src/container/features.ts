/** What a member can switch on for a container, by osctl's names. */
export const features = ['nesting', 'fuse', 'kvm', 'ppp', 'tun'] as const;

export type Feature = (typeof features)[number];

interface Device {
  /** Below /dev. */
  readonly path: string;
  /** Linux's numbers (admin-guide/devices.txt). */
  readonly major: number;
  readonly minor: number;
}

/** The character device a feature is. */
export const deviceOf: Readonly<Partial<Record<Feature, Device>>> = {
  fuse: {path: 'fuse', major: 10, minor: 229},
  kvm: {path: 'kvm', major: 10, minor: 232},
  ppp: {path: 'ppp', major: 108, minor: 0},
  tun: {path: 'net/tun', major: 10, minor: 200},
};

/**
 * What is mounted in a container with features, as lxc.mount.entry has it: a device is bound from a node of the
 * enclosure's that everybody may open, as a user namespace cannot make one; a container with containers needs a proc
 * and a sysfs that nothing covers, which the kernel asks for before it mounts others.
 */
export function featureMounts(switchedOn: readonly Feature[], device: (path: string) => string): string[] {
  return switchedOn.flatMap((feature) => {
    if (feature === 'nesting') {
      return [
        'proc dev/.lxc/proc proc create=dir,optional 0 0',
        'sys dev/.lxc/sys sysfs create=dir,optional 0 0',
      ];
    }
    const path = deviceOf[feature]?.path ?? feature;
    return [`${device(path)} dev/${path} none bind,create=file 0 0`];
  });
}
