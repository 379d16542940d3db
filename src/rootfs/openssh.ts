import {type Step, step} from '../recipe/step.ts';
import {commonFiles} from './files.ts';

/**
 * An ssh server for systemd that root may log in to, by key or by a password once the member sets one. Host keys
 * are made on first boot: a template has none.
 */
export function openssh(): Step {
  return step('openssh', async (rootfs) => {
    await rootfs.write([
      ...(await commonFiles('openssh')),
      {
        path: '/etc/systemd/system/multi-user.target.wants/ssh-host-keys.service',
        target: '/etc/systemd/system/ssh-host-keys.service',
      },
    ]);
  });
}
