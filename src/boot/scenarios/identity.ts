import {expect} from '../expect.ts';
import type {Member} from '../member.ts';
import {defineScenario, notApplicable} from '../scenario.ts';

export default defineScenario({
  name: 'identity',
  title: 'Two containers from one image have machine ids and ssh host keys of their own',
  limit: 150,

  async run(test) {
    const members = await Promise.all([test.boot(), test.boot()]);
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
  },
});

async function machineId({rootfs}: Member): Promise<string | undefined> {
  return (await rootfs.read('/etc/machine-id'))?.trim();
}

/** The public host keys without their comments, which name the container. */
async function hostKeysOf({rootfs}: Member): Promise<string[]> {
  const text = await rootfs.run(['sh', '-c', 'cat /etc/ssh/ssh_host_*_key.pub 2>/dev/null || true']);
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => line.split(' ').slice(0, 2).join(' '));
}
