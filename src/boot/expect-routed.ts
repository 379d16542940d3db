import {SocketAddress} from 'node:net';
import {outside, withoutPrefix} from './addresses.ts';
import {expectEqual} from './expect.ts';
import type {Member} from './member.ts';
import {addressPort} from './probe.ts';
import type {ScenarioTest} from './scenario.ts';

/** Seconds after its boot in which a container's network must work. */
const networkLimit = 10;

/**
 * That each of a member's addresses answers a ping from outside, and that what it connects to sees the first of
 * them, for both IP versions.
 */
export async function expectRouted(test: ScenarioTest, member: Member): Promise<void> {
  const {v4, v6} = member.network;
  for (const [route, target] of [
    [v4, outside.probe.v4],
    [v6, outside.probe.v6],
  ] as const) {
    if (route === undefined) continue;
    for (const address of route.addresses) {
      await test.waitFor(`an answer of ${address} to a ping`, () => test.probe.ping(address), networkLimit);
    }
    const seen = await test.waitFor(
      `a connection from the container to ${target}`,
      async () => peerAddress(await member.run(['sh', '-c', connectScript, target, String(addressPort)])),
      networkLimit,
    );
    const [first = ''] = route.addresses;
    expectEqual(`the container's address as ${target} sees it`, seen, withoutPrefix(first));
  }
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
