import {expect, expectEqual} from '../expect/expect.ts';
import {expectPing, expectRouted} from '../expect/routed.ts';
import type {Member} from '../member/member.ts';
import {byHooks, defineScenario} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'interfaces',
  title: 'Interfaces have any name, are two, are renamed and removed between starts, and leave nothing',
  limit: 360,

  async run(test) {
    const first = test.routed('venet0');
    const second = test.bridged('eth1', {gateway: false});
    const member = await test.member({interfaces: [first, second]});
    const examples = await mentioning(member, ['venet0', 'eth1']);
    await member.start();
    await expectRouted(test, member);
    if (!byHooks(test)) await expectPing(test, second.v4?.addresses[0] ?? '');
    await expectInterfaces(member, ['eth1', 'venet0']);
    await member.stop(60);
    await member.setInterfaces([{...first, name: 'wan0'}]);
    expectEqual('the state after a renaming and a removal', await member.start(), member.init().healthy);
    await expectRouted(test, member);
    await expectInterfaces(member, ['wan0']);
    await expectForgotten(member, ['venet0', 'eth1'], examples);
  },
});

async function expectInterfaces(member: Member, names: readonly string[]): Promise<void> {
  const seen = (await member.run(['ip', '-o', 'link'])).match(/^\d+: (\w+)@/gm) ?? [];
  const found = seen
    .map((line) => line.replace(/^\d+: |@$/g, ''))
    .filter((name) => !/^(sit|tunl|gre|ip)/.test(name));
  expectEqual('interfaces in the container', found.toSorted().join(' '), names.join(' '));
}

/** The files in /etc that are named by or mention an interface. */
async function mentioning(member: Member, names: readonly string[]): Promise<string[]> {
  const pattern = names.join('\\|');
  const found = await member.rootfs.run([
    ...['sh', '-c', 'grep -rlw -- "$0" /etc 2>/dev/null; find /etc | grep -w -- "$0"; :', pattern],
  ]);
  return found.split('\n').filter((line) => line !== '');
}

/** That none does of those that are no more, beside the files that had their names as an example from the start. */
async function expectForgotten(
  member: Member,
  names: readonly string[],
  examples: readonly string[],
): Promise<void> {
  const left = (await mentioning(member, names)).filter((path) => !examples.includes(path));
  expect(left.length === 0, `configuration of ${names.join(' and ')} is left over: ${left[0]}`, left);
}
