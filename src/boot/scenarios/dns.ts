import {setTimeout} from 'node:timers/promises';
import {expect, expectEqual} from '../expect/expect.ts';
import type {Member} from '../member/member.ts';
import {byHooks, defineScenario, notChecked, unlessByHooks} from '../scenario/scenario.ts';

/** Seconds. */
const patience = 30;

const one = ['203.0.113.53'];
const several = ['203.0.113.54', '2001:db8:ffff::53', '203.0.113.55'];

export default defineScenario({
  name: 'dns',
  title: 'DNS resolvers are set while stopped and while running, and stay ours',
  limit: 360,

  async run(test) {
    const member = await test.member({resolvers: one});
    await member.start();
    await expectResolvers(member, one, 'set while stopped');
    await member.setResolvers(several);
    if (!byHooks(test)) await expectResolvers(member, several, 'set while running');
    expectEqual('the stop', await member.stop(60), 'clean');
    await member.start();
    await expectResolvers(member, several, 'after a restart');
    unlessByHooks(test, 'osctld does not set resolvers');
    const restart = member.restartNetwork();
    if (restart === undefined) return notChecked('nothing is known that restarts the network');
    await member.run(restart, {background: true}); // DHCP clients, where something starts them by itself
    await expectResolvers(member, several, 'after the network was restarted');
    // something that writes the file may be slow: nothing tells that it will not
    await setTimeout(patience * 1000, undefined, {signal: test.signal});
    await expectResolvers(member, several, `${patience} s later`);
  },
});

async function expectResolvers(member: Member, resolvers: readonly string[], when: string): Promise<void> {
  const text = (await member.rootfs.read('/etc/resolv.conf')) ?? '';
  const seen = text
    .split('\n')
    .filter((line) => line.startsWith('nameserver '))
    .map((line) => line.split(/\s+/)[1]);
  expectEqual(`resolvers in /etc/resolv.conf, ${when}`, seen.join(' '), resolvers.join(' '));
  const link = await member.rootfs.succeeds(['test', '-L', '/etc/resolv.conf']);
  expect(!link, `/etc/resolv.conf is a link, ${when}: something in the container owns it`);
}
