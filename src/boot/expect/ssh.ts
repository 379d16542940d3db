import type {RunningMember} from '../member/member.ts';
import {withoutPrefix} from '../node/addresses.ts';
import type {Login, SshKey} from '../node/probe.ts';
import type {ScenarioTest} from '../scenario/scenario.ts';
import {expect} from './expect.ts';
import {networkLimit} from './routed.ts';

/** Waits until a member answers on its first address of each IP version, and gives them. */
export async function reachable(test: ScenarioTest, member: RunningMember): Promise<string[]> {
  const [network] = member.interfaces();
  const addresses = [network?.v4, network?.v6].flatMap((route) => route?.addresses.slice(0, 1) ?? []);
  for (const address of addresses) {
    await test.waitFor(`an answer of ${address} to a ping`, () => test.probe.ping(address), networkLimit);
  }
  return addresses.map(withoutPrefix);
}

/** Lets the owner of a key in as root. */
export async function installKey({rootfs}: RunningMember, key: SshKey): Promise<void> {
  // others may have theirs in it already
  const append = 'umask 077; mkdir -p /root/.ssh && cat >> /root/.ssh/authorized_keys';
  await rootfs.run(['sh', '-c', append], {input: `${key.public}\n`});
}

/** That a login works, and its command says what it should. */
export async function expectWelcome(
  test: ScenarioTest,
  address: string,
  login: Login,
  what: string,
): Promise<void> {
  const {exitCode, stdout, lastLines} = await test.probe.ssh(address, login, 'echo welcome');
  expect(exitCode === 0 && stdout === 'welcome', `ssh to ${address} with ${what} failed`, lastLines);
}

/** That the ssh server answers a login, and with no. */
export async function expectRefused(
  test: ScenarioTest,
  address: string,
  login: Login,
  what: string,
): Promise<void> {
  const {exitCode, lastLines} = await test.probe.ssh(address, login, 'true');
  expect(exitCode !== 0, `ssh to ${address} let somebody in with ${what}`);
  const refused = lastLines.some((line) => line.includes('Permission denied'));
  expect(refused, `ssh to ${address} with ${what} failed otherwise than by a refusal`, lastLines);
}
