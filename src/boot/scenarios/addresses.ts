import type {Generation} from '../../recipe/osctl.ts';
import {expectPing, expectRouted, expectSilence} from '../expect/routed.ts';
import type {Member} from '../member/member.ts';
import {byHooks, defineScenario, type ScenarioTest, unlessByHooks} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'addresses',
  title:
    'Addresses come and go while it runs, stay over a restart, in each generation; a routed network reaches it',
  limit: 300,

  async run(test) {
    await Promise.all([...test.generations.map((each) => comeAndGo(test, each)), routedNetwork(test)]);
    unlessByHooks(test, 'osctld does not add addresses');
  },
});

async function comeAndGo(test: ScenarioTest, generation: Generation): Promise<void> {
  const options = {generation, count: 1} as const;
  const member = await test.boot({generation, interfaces: [test.routed('eth0', options)]});
  await expectRouted(test, member);
  const {v4, v6} = test.routed('eth0', options);
  const added = [...(v4?.addresses ?? []), ...(v6?.addresses ?? [])];
  for (const address of added) await member.addAddress('eth0', address);
  if (!byHooks(test)) for (const address of added) await expectPing(test, address);
  await restart(member);
  await expectRouted(test, member);
  for (const address of added) await member.removeAddress('eth0', address);
  for (const address of added) await expectSilence(test, address);
  await restart(member);
  await expectRouted(test, member);
  for (const address of added) await expectSilence(test, address);
}

async function restart(member: Member): Promise<void> {
  await member.stop(60);
  await member.start();
}

/** The member sets an address of the network itself, on the loopback interface. */
async function routedNetwork(test: ScenarioTest): Promise<void> {
  const netif = test.routed('eth0', {network: true});
  const member = await test.boot({interfaces: [netif]});
  const networks = [netif.v4, netif.v6].flatMap((route) => route?.networks ?? []);
  for (const network of networks) {
    const address = network.includes(':') ? network.replace(/::\/.*/, '::5') : network.replace(/0\/.*/, '5');
    await member.run(['ip', 'addr', 'add', address, 'dev', 'lo']);
    await expectPing(test, address);
  }
}
