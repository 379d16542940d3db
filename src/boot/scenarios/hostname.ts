import {expect, expectEqual} from '../expect/expect.ts';
import type {Member} from '../member/member.ts';
import {byHooks, defineScenario, notApplicable, unlessByHooks} from '../scenario/scenario.ts';

const first = 'first.example.org';
/** As long as the kernel's hostname can be, uname(2). */
const long = `${'long-'.padEnd(52, 'x')}.example.org`;

export default defineScenario({
  name: 'hostname',
  title:
    'The hostname, a short and a long one, is set while stopped and while running, and kept over a restart',
  limit: 360,

  async run(test) {
    const {unsupported} = test.recipe.osctl.hostname;
    if (unsupported !== undefined) return notApplicable(unsupported);
    const member = await test.member();
    await member.setHostname(first);
    await member.start();
    await expectHostname(member, first, 'set while stopped');
    await member.setHostname(long);
    if (!byHooks(test)) {
      await expectHostname(member, long, 'set while running');
      await expectForgotten(member, first);
    }
    expectEqual('the stop', await member.stop(60), 'clean');
    await member.start();
    await expectHostname(member, long, 'after a restart');
    await expectForgotten(member, first);
    unlessByHooks(test, 'osctld does not set the hostname');
  },
});

async function expectHostname(member: Member, hostname: string, when: string): Promise<void> {
  expectEqual(`hostname, ${when}`, (await member.run(['hostname'])).trim(), hostname);
  for (const address of ['127.0.0.1', '::1']) {
    const names = (await hosts(member)).find(([first]) => first === address)?.slice(1, 3) ?? [];
    expectEqual(
      `first names of ${address} in /etc/hosts, ${when}`,
      names.join(' '),
      `${hostname} ${short(hostname)}`,
    );
  }
}

async function expectForgotten(member: Member, hostname: string): Promise<void> {
  const names = (await hosts(member)).flat();
  expect(!names.includes(hostname), `/etc/hosts still has the earlier hostname ${hostname}`);
}

async function hosts(member: Member): Promise<string[][]> {
  const text = (await member.rootfs.read('/etc/hosts')) ?? '';
  return text.split('\n').map((line) => line.split(/\s+/));
}

function short(hostname: string): string {
  return hostname.split('.')[0] ?? hostname;
}
