import {type Step, step} from '../recipe/step.ts';
import {commonFiles} from './files.ts';

export interface SystemdOptions {
  /** Units that cannot work in a container, beside those that never do. */
  readonly mask?: readonly string[];
}

/** Units that fail in an unprivileged container: debugfs, configfs, kernel modules and audit are the node's. */
const alwaysMasked = [
  'sys-kernel-debug.mount',
  'sys-kernel-config.mount',
  'systemd-modules-load.service',
  'systemd-journald-audit.socket',
];

/** Makes systemd boot healthy in an unprivileged container. */
export function systemdInContainer({mask = []}: SystemdOptions = {}): Step {
  return step('systemd in a container', async (rootfs) => {
    await rootfs.write([
      ...(await commonFiles('systemd')),
      {path: '/var/log/journal', directory: true},
      // snapd and others expect it; the modules are the node's
      {path: '/lib/modules', directory: true},
      ...[...alwaysMasked, ...mask].map((unit) => ({
        path: `/etc/systemd/system/${unit}`,
        target: '/dev/null',
      })),
    ]);
  });
}

/** Leaves units installed that a distribution would start at boot, but does not start them. */
export function notStarted(...units: readonly string[]): Step {
  return step('units not started', async (rootfs) => {
    // not `systemctl disable`, which fails for a unit that this release does not have
    await rootfs.remove(
      ...units.flatMap((unit) => wanting.map((folder) => `/etc/systemd/system/${folder}/${unit}`)),
    );
  });
}

const wanting = ['*.target.wants', '*.service.wants', '*.socket.wants'];
