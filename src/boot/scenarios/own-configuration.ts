import type {Generation} from '../../recipe/osctl.ts';
import {expectEqual} from '../expect/expect.ts';
import {expectRouted} from '../expect/routed.ts';
import type {Member} from '../member/member.ts';
import {defineScenario, notApplicable, type ScenarioTest} from '../scenario/scenario.ts';

const path = '/etc/network/interfaces';
const order = '/run/osctl-template-order';

export default defineScenario({
  name: 'own-configuration',
  title:
    "The member's interfaces.head, interfaces.d and interfaces.tail are honoured, in that order, and stay; so are functions in /etc/conf.d/net",
  limit: 300,

  async run(test) {
    const {name} = test.recipe.osctl.network;
    if (name === 'netifrc') return expectFunction(test);
    if (name !== 'ifupdown') notApplicable(`osctl has no files of the member's for ${name}`);
    await Promise.all(test.generations.map((each) => expectHonoured(test, each)));
  },
});

async function expectHonoured(test: ScenarioTest, generation: Generation): Promise<void> {
  const member = await test.member({generation});
  // a template without the folder has an ifupdown that cannot read one
  const folder = await member.rootfs.succeeds(['test', '-d', `${path}.d`]);
  await member.rootfs.write([
    {path: `${path}.head`, content: stanza('head')},
    ...(folder ? [{path: `${path}.d/own`, content: stanza('folder')}] : []),
    {path: `${path}.tail`, content: stanza('tail')},
  ]);
  const expected = folder ? 'head folder tail' : 'head tail';
  await member.start();
  await expectRouted(test, member);
  await expectOrder(member, expected, 'after the first start');
  await member.stop(60);
  await member.start();
  await expectOrder(member, expected, 'after the second start');
}

/** A bridge of the member's that tells when it comes up. */
function stanza(name: string): string {
  return [
    `auto own-${name}`,
    `iface own-${name} inet manual`,
    `  pre-up ip link add own-${name} type bridge`,
    `  up echo ${name} >> ${order}`,
    '',
  ].join('\n');
}

async function expectOrder(member: Member, expected: string, when: string): Promise<void> {
  const seen = ((await member.rootfs.read(order)) ?? '').trim().split('\n').join(' ');
  expectEqual(`the member's interfaces in the order they came up, ${when}`, seen, expected);
}

/** netifrc: what is outside of osctld's block in `/etc/conf.d/net`, here a function that tells what came up. */
async function expectFunction(test: ScenarioTest): Promise<void> {
  const member = await test.member();
  const own = `postup() {\n\techo "$IFACE" >> ${order}\n}\n`;
  await member.rootfs.write([{path: '/etc/conf.d/net', content: own}]);
  for (const when of ['after the first start', 'after the second start']) {
    await member.start();
    await expectRouted(test, member);
    const seen = ((await member.rootfs.read(order)) ?? '').trim();
    expectEqual(`the interfaces that the member's function was called for, ${when}`, seen, 'eth0');
    await member.stop(60);
  }
  const kept = (await member.rootfs.read('/etc/conf.d/net')) ?? '';
  expectEqual("the member's part of /etc/conf.d/net", kept.slice(0, own.length), own);
}
