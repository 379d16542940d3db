import {expect} from '../expect/expect.ts';
import {expectPing, expectSeenAs} from '../expect/routed.ts';
import {lan, outside} from '../node/addresses.ts';
import {byHooks, defineScenario, notApplicable, type ScenarioTest} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'bridged',
  title: 'Static addresses on a bridge work, with a default route by the gateway given, or without one',
  limit: 240,

  async run(test) {
    if (byHooks(test)) notApplicable('osctld tells script hooks nothing about bridged interfaces');
    await Promise.all([expectBridged(test, true), expectBridged(test, false)]);
  },
});

async function expectBridged(test: ScenarioTest, gateway: boolean): Promise<void> {
  const netif = test.bridged('eth0', {gateway});
  const member = await test.boot({interfaces: [netif]});
  for (const [version, on] of [
    ['v4', netif.v4],
    ['v6', netif.v6],
  ] as const) {
    const [address = ''] = on?.addresses ?? [];
    await expectPing(test, address);
    await expectSeenAs(test, member, lan.gateway[version], address);
    if (gateway) await expectSeenAs(test, member, outside.probe[version], address);
  }
  if (gateway) return;
  const routes = await member.run(['sh', '-c', 'ip -4 route show default; ip -6 route show default']);
  expect(routes.trim() === '', 'there is a default route, though no gateway was given', routes.split('\n'));
}
