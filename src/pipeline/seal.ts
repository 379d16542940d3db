import type {Distribution} from '../recipe/distribution.ts';
import {type Step, step} from '../recipe/step.ts';

/** What no template may carry, whatever the distribution; the inspection proves that it is gone. */
export const sealedPaths = [
  '/etc/.pwd.lock',
  '/etc/hostname',
  '/etc/ssh/ssh_host_*',
  '/etc/passwd-',
  '/etc/group-',
  '/etc/shadow-',
  '/etc/gshadow-',
  '/etc/subuid-',
  '/etc/subgid-',
  '/dev/*',
  '/root/.bash_history',
  '/run/*',
  '/tmp/*',
  '/usr/sbin/policy-rc.d',
  '/var/cache/ldconfig/*',
  '/var/lib/dbus/machine-id',
  '/var/lib/systemd/credential.secret',
  '/var/lib/systemd/random-seed',
  '/var/tmp/*',
] as const;

/** The steps of the seal stage: nothing that must not be shared between containers stays in the tree. */
export function sealing(distribution: Pick<Distribution, 'seal'>): Step[] {
  return [
    step('root without a password', (rootfs) =>
      rootfs.run(['sed', '-i', 's|^root:[^:]*:|root:*:|', '/etc/shadow']).then(() => undefined),
    ),
    step('identity', (rootfs) => rootfs.write([{path: '/etc/machine-id', content: '', mode: 0o444}])),
    step('resolver', async (rootfs) => {
      await rootfs.remove('/etc/resolv.conf');
      await rootfs.write([{path: '/etc/resolv.conf', content: ''}]);
    }),
    step('logs', (rootfs) => rootfs.run(['find', '/var/log', '-type', 'f', '-delete']).then(() => undefined)),
    step('leftovers', (rootfs) => rootfs.remove(...sealedPaths, ...(distribution.seal?.remove ?? []))),
  ];
}
