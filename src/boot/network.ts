import type {Enclosure} from '../container/engine.ts';
import type {RoutedInterface} from '../recipe/osctl.ts';
import {outside, withoutPrefix} from './addresses.ts';

/** The node's end of the outside world's veth. */
export const outsidePeer = 'outside';

/** What makes a network namespace a router; its own addresses are unique, so it need not look for others. */
const routerSettings = [
  ['ipv4/ip_forward', '1'],
  ['ipv6/conf/all/forwarding', '1'],
  ['ipv6/conf/default/forwarding', '1'],
  ['ipv6/conf/default/accept_dad', '0'],
].flat();

/** Makes an enclosure's network namespace a router. */
export async function forwardPackets(enclosure: Enclosure): Promise<void> {
  const script = 'while [ $# -gt 0 ]; do echo "$2" > "/proc/sys/net/$1" && shift 2 || exit; done';
  await enclosure.run(['sh', '-c', script, 'settings', ...routerSettings]);
}

/** Gives the node its end of a container's veth, which exists while the container runs. */
export async function connect(enclosure: Enclosure, peer: string, member: RoutedInterface): Promise<void> {
  await ipBatch(enclosure, memberSide(peer, member));
}

/** The same for the outside world's. */
export async function connectOutside(enclosure: Enclosure): Promise<void> {
  const {node, prefix} = outside;
  await ipBatch(enclosure, [
    `link set ${outsidePeer} up`,
    `addr add ${node.v4}/${prefix.v4} dev ${outsidePeer}`,
    `addr add ${node.v6}/${prefix.v6} dev ${outsidePeer} nodad`,
  ]);
}

/**
 * What osctld does on the node when a routed interface comes up, as ip(8) commands: with an interconnecting network
 * the routes lead through the container's address in it, without one straight to the interface.
 */
export function memberSide(peer: string, {v4, v6}: RoutedInterface): string[] {
  const routes = [v4, v6].flatMap((route) => {
    if (route === undefined) return [];
    const {interconnect, gateway, addresses} = route;
    const [host, flag] = gateway.includes(':')
      ? [interconnect?.host ?? `${gateway}/64`, ' nodad']
      : [interconnect?.host ?? `${gateway}/32`, ''];
    const via = interconnect === undefined ? '' : `via ${withoutPrefix(interconnect.container)} `;
    return [
      `addr add ${host} dev ${peer}${flag}`,
      ...addresses.map((address) => `route add ${address} ${via}dev ${peer}`),
    ];
  });
  return [`link set ${peer} up`, ...routes];
}

async function ipBatch(enclosure: Enclosure, commands: readonly string[]): Promise<void> {
  const input = commands.map((line) => `${line}\n`).join('');
  await enclosure.run(['ip', '-batch', '-'], {input, title: 'ip'});
}
