import {type Step, step} from '../../recipe/step.ts';
import {commonFiles} from '../files.ts';
import {localeConf} from '../locale.ts';
import {openssh} from '../openssh.ts';
import {notStarted, systemdInContainer} from '../systemd.ts';

/** What today's Fedora and CentOS Stream have in common: a minimal system, without what only a machine of its own needs. */
export const minimal = [
  ...['basesystem', 'filesystem', 'setup', 'rootfiles', 'bash', 'coreutils', 'util-linux', 'shadow-utils'],
  ...['/usr/bin/passwd', 'authselect', 'sudo', 'tar', 'glibc-langpack-en', 'hostname', 'procps-ng'],
  ...['systemd', 'systemd-udev', 'systemd-pam', 'dbus', 'NetworkManager', 'iproute', 'iputils', 'curl'],
  ...['openssh-server', 'openssh-clients', 'ca-certificates', 'dnf', 'rpm', 'findutils', 'gzip', 'less'],
  ...['man-db', 'vim-minimal', 'which', 'fuse3'],
] as const;

/**
 * Units of Fedora's and CentOS's packages that cannot work in a container, installed or not: audit, the kernel's crash
 * dumps, the console's splash screen, the processor's settings and random numbers, mounts of the kernel's.
 */
export const nodeUnits = [
  'auditd.service',
  'audit-rules.service',
  'kdump.service',
  'plymouth-start.service',
  'proc-sys-fs-binfmt_misc.mount',
  'rngd-wake-threshold.service',
  'tuned.service',
  'var-lib-nfs-rpc_pipefs.mount',
] as const;

/** What rpm must leave alone inside, also when the member updates. */
export const macros = step('rpm macros', async (rootfs) => {
  await rootfs.write(await commonFiles('red-hat'));
});

/** Makes Fedora and CentOS with systemd ready for a container. */
export const inContainer: readonly Step[] = [
  localeConf('en_US.UTF-8'),
  systemdInContainer({mask: nodeUnits}),
  notStarted('firewalld.service', 'systemd-networkd.service', 'systemd-resolved.service'),
  // the package's own units make the host keys, and two makers would get in each other's way
  openssh({service: 'sshd.service', hostKeys: 'service'}),
  macros,
];
