import {expect, expectEqual} from '../expect/expect.ts';
import {seenBy} from '../expect/routed.ts';
import {lan, outside} from '../node/addresses.ts';
import {byHooks, defineScenario, notApplicable} from '../scenario/scenario.ts';

const resolver = '203.0.113.53';

export default defineScenario({
  name: 'dhcp',
  title: 'An interface on a bridge gets its address and gateway by DHCP, and the resolvers stay ours',
  limit: 240,

  async run(test) {
    if (byHooks(test)) notApplicable('osctld tells script hooks nothing about bridged interfaces');
    const member = await test.member({
      interfaces: [test.bridged('eth0', {dhcp: true})],
      resolvers: [resolver],
    });
    expectEqual('the state of the boot', await member.start(), member.init().healthy);
    const seen = await seenBy(test, member, outside.probe.v4);
    expect(
      seen.startsWith(lan.leases.beginning),
      `it has the address ${seen}, which the DHCP server does not give`,
    );
    const resolvers = (await member.rootfs.read('/etc/resolv.conf')) ?? '';
    expect(
      resolvers.includes(`nameserver ${resolver}`),
      'the resolvers are no longer ours',
      resolvers.split('\n'),
    );
    expect(!resolvers.includes(lan.resolver), "the DHCP server's resolver is there", resolvers.split('\n'));
  },
});
