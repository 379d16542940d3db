import {expectRefused, expectWelcome, installKey, reachable} from '../expect/ssh.ts';
import {defineScenario} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'ssh',
  title: 'Root logs in by ssh with a key, over IPv4 and IPv6, and nobody with another key',
  limit: 240,

  async run(test) {
    const [member, key, stranger] = await Promise.all([
      test.shared(),
      test.probe.newKey(),
      test.probe.newKey(),
    ]);
    await installKey(member, key);
    for (const address of await reachable(test, member)) {
      await expectWelcome(test, address, {key}, 'its key');
    }
    const [address = ''] = await reachable(test, member);
    await expectRefused(test, address, {key: stranger}, "a stranger's key");
  },
});
