import {SocketAddress} from 'node:net';
import type {RoutedInterface} from '../../recipe/osctl.ts';
import type {RunningMember} from '../member/member.ts';
import {outside, withoutPrefix} from '../node/addresses.ts';
import {addressPort} from '../node/probe.ts';
import type {ScenarioTest} from '../scenario/scenario.ts';
import {expectEqual} from './expect.ts';

/** Seconds after its boot in which a container's network must work. */
export const networkLimit = 20;

/**
 * That each address of each of a member's routed interfaces answers a ping from outside, and that what it connects
 * to sees the first interface's first address, for the IP versions it has.
 */
export async function expectRouted(test: ScenarioTest, member: RunningMember): Promise<void> {
  const routed = member.interfaces().filter((netif): netif is RoutedInterface => netif.type === 'routed');
  for (const {v4, v6} of routed) {
    for (const address of [v4, v6].flatMap((route) => route?.addresses ?? []))
      await expectPing(test, address);
  }
  const [first] = routed;
  if (first?.v4 !== undefined)
    await expectSeenAs(test, member, outside.probe.v4, first.v4.addresses[0] ?? '');
  if (first?.v6 !== undefined)
    await expectSeenAs(test, member, outside.probe.v6, first.v6.addresses[0] ?? '');
}

/** That an address answers a ping from outside. */
export async function expectPing(test: ScenarioTest, address: string): Promise<void> {
  await test.waitFor(`an answer of ${address} to a ping`, () => test.probe.ping(address), networkLimit);
}

/** That nothing answers on an address any more. */
export async function expectSilence(test: ScenarioTest, address: string): Promise<void> {
  const silent = async () => !(await test.probe.ping(address));
  await test.waitFor(`${address} to be silent`, silent, networkLimit);
}

/** That an address outside, which a member connects to, sees the address it should, with or without prefix length. */
export async function expectSeenAs(
  test: ScenarioTest,
  member: RunningMember,
  target: string,
  address: string,
): Promise<void> {
  const {blind} = test.probe;
  if (blind !== undefined) return test.leaveOut(blind);
  expectEqual(
    `the container's address as ${target} sees it`,
    await seenBy(test, member, target),
    withoutPrefix(address),
  );
}

/** The address by which one outside sees a member. */
export async function seenBy(test: ScenarioTest, member: RunningMember, target: string): Promise<string> {
  return test.waitFor(
    `a connection from the container to ${target}`,
    async () => peerAddress(await member.run(['sh', '-c', connectScript, target, String(addressPort)])),
    networkLimit,
  );
}

/** Prints what a TCP service says: bash connects by itself, elsewhere busybox brings nc. */
const connectScript = `
  if command -v bash >/dev/null; then exec bash -c 'exec 3<>"/dev/tcp/$0/$1"; cat <&3' "$0" "$1"; fi
  exec nc "$0" "$1"`;

/** An address as people write it, from the probe's way: `[2001:0db8:…]`. */
function peerAddress(line: string): string | undefined {
  const address = line.trim().replace(/^\[|\]$/g, '');
  return SocketAddress.parse(address.includes(':') ? `[${address}]:0` : `${address}:0`)?.address;
}
