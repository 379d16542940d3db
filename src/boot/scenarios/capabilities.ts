import {expect} from '../expect/expect.ts';
import {expectRouted} from '../expect/routed.ts';
import {outside} from '../node/addresses.ts';
import {defineScenario, notApplicable} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'capabilities',
  title: 'File capabilities work: a user who is not root pings',
  limit: 180,

  async run(test) {
    const member = await test.shared();
    const ping = await member.rootfs.succeeds(['sh', '-c', 'command -v ping']);
    if (!ping) notApplicable('it has no ping');
    await expectRouted(test, member);
    const command = `ping -c 1 -W 5 ${outside.probe.v4}`;
    const as = ['su', '-s', '/bin/sh', 'nobody', '-c', command];
    const {exitCode, lastLines} = await member.ask(as);
    expect(exitCode === 0, 'a ping by the user nobody failed', lastLines);
  },
});
