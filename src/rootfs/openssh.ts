import {type Step, step} from '../recipe/step.ts';
import {commonFiles} from './files.ts';

export interface OpensshOptions {
  /** The systemd service to enable: `sshd.service`; none where the package has done so, or OpenRC starts it. */
  readonly service?: string;
  /**
   * Who makes the host keys on first boot: a unit of ours, or what starts the server, as OpenRC's script and
   * Fedora's units do. A template has none.
   */
  readonly hostKeys?: 'unit' | 'service';
}

const config = '/etc/ssh/sshd_config';

/** An ssh server that root may log in to, by key or by a password once the member sets one. */
export function openssh({service, hostKeys = 'unit'}: OpensshOptions = {}): Step {
  return step('openssh', async (rootfs) => {
    await rootfs.write(await commonFiles('openssh'));
    if (hostKeys === 'unit') {
      const unit = 'ssh-host-keys.service';
      const wanted = `/etc/systemd/system/multi-user.target.wants/${unit}`;
      await rootfs.write([
        ...(await commonFiles('ssh-host-keys')),
        {path: wanted, target: `/etc/systemd/system/${unit}`},
      ]);
    }
    if (service !== undefined) await rootfs.run(['systemctl', 'enable', service]);
    const content = (await rootfs.read(config)) ?? '';
    if (/^\s*Include\s+\S*sshd_config\.d/m.test(content)) return;
    // OpenSSH before 8.2 cannot include, and elsewhere the distribution does not; the first value of a setting counts
    const setting = 'PermitRootLogin yes\n';
    if (!content.startsWith(setting))
      await rootfs.write([{path: config, content: `${setting}${content}`, mode: 0o600}]);
  });
}
