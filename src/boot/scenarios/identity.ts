import {expect} from '../expect/expect.ts';
import type {RunningMember} from '../member/member.ts';
import {defineScenario, notApplicable} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'identity',
  title: 'Two containers from one image have machine ids, ssh host keys and other secrets of their own',
  limit: 300,

  async run(test) {
    const members = await Promise.all([test.shared(), test.boot()]);
    const machineIds = await Promise.all(members.map(machineId));
    const hostKeys = await Promise.all(members.map(hostKeysOf));
    if (machineIds.every((id) => id === undefined) && hostKeys.flat().length === 0) {
      notApplicable('it has neither a machine id nor ssh');
    }
    expect(
      machineIds.every((id) => id !== ''),
      'the machine id is empty after the boot',
    );
    expect(new Set(machineIds).size === 2, `both have the machine id ${machineIds[0]}`);
    expect(
      hostKeys.every((keys) => keys.length > 0),
      'there is no ssh host key after the boot',
    );
    const [first = [], second = []] = hostKeys;
    const shared = first.filter((key) => second.includes(key));
    expect(shared.length === 0, 'both have the same ssh host key', shared);
    const [one = [], other = []] = await Promise.all(members.map(secretsOf));
    const secrets = one.filter((line) => other.includes(line)).map((line) => line.split(/\s+/)[1] ?? '');
    expect(secrets.length === 0, `both have the same ${secrets[0]}`, secrets);
  },
});

async function machineId({rootfs}: RunningMember): Promise<string | undefined> {
  return (await rootfs.read('/etc/machine-id'))?.trim();
}

/** What else is a container's own: seeds of random numbers and credentials, with the sums of their contents. */
async function secretsOf({rootfs}: RunningMember): Promise<string[]> {
  const globs = [
    ...['/var/lib/systemd/random-seed', '/var/lib/systemd/credential.secret', '/var/lib/urandom/random-seed'],
    ...['/var/lib/misc/random-seed', '/var/lib/seedrng/*', '/var/lib/dbus/machine-id', '/etc/hostid'],
    ...['/etc/pacman.d/gnupg/private-keys-v1.d/*', '/root/.gnupg/private-keys-v1.d/*', '/etc/ssl/private/*'],
  ];
  const script = 'for file in "$@"; do [ ! -f "$file" ] || sha256sum "$file"; done';
  const text = await rootfs.run(['sh', '-c', `set -- ${globs.join(' ')}; ${script}`]);
  return text.split('\n').filter((line) => line !== '');
}

/** The public host keys without their comments, which name the container. */
async function hostKeysOf({rootfs}: RunningMember): Promise<string[]> {
  const text = await rootfs.run(['sh', '-c', 'cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null || true']);
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => line.split(' ').slice(0, 2).join(' '));
}
