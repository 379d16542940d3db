import type {Enclosure} from '../../container/engine.ts';
import type {Cidr, NetworkInterface, Route, RoutedInterface} from '../../recipe/osctl.ts';
import {outside, versionOf, withoutPrefix} from './addresses.ts';

/** The node's ends of the outside world's veths: one leads everywhere, one is on the bridge. */
export const outsidePeer = 'outside';
export const lanPeer = 'outside-lan';

/** The node's bridge, which bridged interfaces are on. */
const bridge = 'lan';

/** What makes a network namespace a router; its own addresses are unique, so it need not look for others. */
const routerSettings = [
  ['ipv4/ip_forward', '1'],
  ['ipv6/conf/all/forwarding', '1'],
  ['ipv6/conf/default/forwarding', '1'],
  ['ipv6/conf/default/accept_dad', '0'],
].flat();

/** Makes an enclosure's network namespace a router with a bridge. */
export async function forwardPackets(enclosure: Enclosure): Promise<void> {
  const script = 'while [ $# -gt 0 ]; do echo "$2" > "/proc/sys/net/$1" && shift 2 || exit; done';
  await enclosure.run(['sh', '-c', script, 'settings', ...routerSettings]);
  await ipBatch(enclosure, [`link add ${bridge} type bridge`, `link set ${bridge} up`]);
}

/** Gives the node its end of a container's veth, which exists while the container runs. */
export async function connect(enclosure: Enclosure, peer: string, netif: NetworkInterface): Promise<void> {
  await ipBatch(enclosure, nodeSide(peer, netif));
}

/** What osctld does on the node when an interface comes up, as ip(8) commands. */
export function nodeSide(peer: string, netif: NetworkInterface): string[] {
  return netif.type === 'routed' ? routedSide(peer, netif) : bridgedSide(peer);
}

/** The same for the outside world's. */
export async function connectOutside(enclosure: Enclosure): Promise<void> {
  const {node, prefix} = outside;
  await ipBatch(enclosure, [
    `link set ${outsidePeer} up`,
    `addr add ${node.v4}/${prefix.v4} dev ${outsidePeer}`,
    `addr add ${node.v6}/${prefix.v6} dev ${outsidePeer} nodad`,
    ...bridgedSide(lanPeer),
  ]);
}

/** Leads an address to a routed interface from now on, or no longer. */
export async function route(
  enclosure: Enclosure,
  change: 'add' | 'del',
  peer: string,
  netif: RoutedInterface,
  address: Cidr,
): Promise<void> {
  const through = netif[versionOf(address)];
  if (through === undefined) return;
  await ipBatch(enclosure, [routeCommand(change, peer, through, address)]);
}

/**
 * What osctld does on the node when a routed interface comes up, as ip(8) commands: with an interconnecting network
 * the routes lead through the container's address in it, without one straight to the interface.
 */
export function routedSide(peer: string, {v4, v6}: RoutedInterface): string[] {
  const routes = [v4, v6].flatMap((each) => {
    if (each === undefined) return [];
    const {interconnect, gateway, addresses, networks = []} = each;
    const [host, flag] =
      versionOf(gateway) === 'v6'
        ? [interconnect?.host ?? `${gateway}/64`, ' nodad']
        : [interconnect?.host ?? `${gateway}/32`, ''];
    return [
      `addr add ${host} dev ${peer}${flag}`,
      ...addresses.map((address) => routeCommand('add', peer, each, address)),
      ...networks.map((network) => networkCommand(peer, each, network)),
    ];
  });
  return [`link set ${peer} up`, ...routes];
}

function routeCommand(change: 'add' | 'del', peer: string, {interconnect}: Route, address: Cidr): string {
  const via = interconnect === undefined ? '' : `via ${withoutPrefix(interconnect.container)} `;
  return `route ${change} ${address} ${via}dev ${peer}`;
}

/** A network leads through one of the member's addresses: IPv6 neighbours answer for an interface's own ones only. */
function networkCommand(peer: string, {interconnect, addresses}: Route, network: Cidr): string {
  const via = withoutPrefix(interconnect?.container ?? addresses[0] ?? '');
  return `route add ${network} via ${via} dev ${peer}`;
}

function bridgedSide(peer: string): string[] {
  return [`link set ${peer} master ${bridge}`, `link set ${peer} up`];
}

async function ipBatch(enclosure: Enclosure, commands: readonly string[]): Promise<void> {
  const input = commands.map((line) => `${line}\n`).join('');
  await enclosure.run(['ip', '-batch', '-'], {input, title: 'ip'});
}
