import {Failure} from '../../failure.ts';
import type {BridgedInterface, Cidr, Generation, Route, RoutedInterface} from '../../recipe/osctl.ts';

export type IpVersion = 'v4' | 'v6';

/** How many interfaces one node has addresses for. */
export const addressLimit = 250;

/** The outside world's address, and the node's on the same network. */
export const outside = {
  probe: {v4: '203.0.113.10', v6: '2001:db8:ffff::10'},
  node: {v4: '203.0.113.1', v6: '2001:db8:ffff::1'},
  prefix: {v4: 24, v6: 64},
} as const;

/** The network that bridged interfaces are on: its gateway and DHCP server is the outside world's computer. */
export const lan = {
  gateway: {v4: '198.19.0.1', v6: '2001:db8:e::1'},
  prefix: {v4: 16, v6: 64},
  /** What the DHCP server gives. */
  leases: {first: '198.19.2.1', last: '198.19.2.250', beginning: '198.19.2.'},
  /** The resolver the DHCP server names, which is not the member's choice. */
  resolver: '198.19.0.53',
} as const;

/** Where today's osctld has its end of every routed interface: the same address on each. */
const gateway = {v4: '255.255.255.254', v6: 'fe80::1'} as const;

export interface RoutedOptions {
  /** `today` unless given. */
  readonly generation?: Generation;
  /** Both unless given. */
  readonly versions?: readonly IpVersion[];
  /** Addresses for each IP version, 1 or 2; 2 unless given. */
  readonly count?: 1 | 2;
  /** Whether a network is routed to it as well. */
  readonly network?: boolean;
}

/**
 * The routed interface number `index` of a node, as osctld would describe it. Its addresses are from the ranges for
 * documentation (RFC 5737, RFC 3849) and benchmarks (RFC 2544). Throws a Failure when the node has no more.
 */
export function routedInterface(name: string, index: number, options: RoutedOptions = {}): RoutedInterface {
  const {generation = 'today', versions = ['v4', 'v6'], count = 2, network = false} = options;
  const hex = hexOf(index);
  const old = generation === '2018';
  const between4 = `198.18.${index}`;
  const between6 = `2001:db8:c:${hex}:`;
  const v4: Route = {
    ...(old ? {interconnect: {host: `${between4}.1/30`, container: `${between4}.2/30`}} : {}),
    gateway: old ? `${between4}.1` : gateway.v4,
    addresses: [`192.0.2.${index}/32`, `198.51.100.${index}/32`].slice(0, count),
    ...(network ? {networks: [`10.64.${index}.0/28`]} : {}),
  };
  const v6: Route = {
    ...(old ? {interconnect: {host: `${between6}:1/126`, container: `${between6}:2/126`}} : {}),
    gateway: old ? `${between6}:1` : gateway.v6,
    addresses: [`2001:db8:a:${hex}::1/128`, `2001:db8:b:${hex}::1/128`].slice(0, count),
    ...(network ? {networks: [`2001:db8:d:${hex}::/64`]} : {}),
  };
  return {
    name,
    type: 'routed',
    ...(versions.includes('v4') ? {v4} : {}),
    ...(versions.includes('v6') ? {v6} : {}),
  };
}

export interface BridgedOptions {
  readonly dhcp?: boolean;
  /** Whether it has a default route by the bridge's network; yes unless given. */
  readonly gateway?: boolean;
}

/** The bridged interface number `index` of a node: by DHCP, or with an address of its own for each IP version. */
export function bridgedInterface(
  name: string,
  index: number,
  options: BridgedOptions = {},
): BridgedInterface {
  const {dhcp = false, gateway: hasGateway = true} = options;
  const hex = hexOf(index);
  if (dhcp) return {name, type: 'bridged', dhcp};
  const via = (address: string) => (hasGateway ? {gateway: address} : {});
  return {
    name,
    type: 'bridged',
    dhcp,
    v4: {addresses: [`198.19.1.${index}/${lan.prefix.v4}`], ...via(lan.gateway.v4)},
    v6: {addresses: [`2001:db8:e::1:${hex}/${lan.prefix.v6}`], ...via(lan.gateway.v6)},
  };
}

/** A routed interface with another list of addresses for one IP version. */
export function withAddresses(
  netif: RoutedInterface,
  version: IpVersion,
  addresses: readonly Cidr[],
): RoutedInterface {
  const route = netif[version];
  return route === undefined ? netif : {...netif, [version]: {...route, addresses}};
}

/** An address without its prefix length. */
export function withoutPrefix(cidr: string): string {
  return cidr.split('/')[0] ?? cidr;
}

/** The IP version of an address. */
export function versionOf(address: string): IpVersion {
  return address.includes(':') ? 'v6' : 'v4';
}

function hexOf(index: number): string {
  if (index > addressLimit)
    throw new Failure(`the node has no addresses for more than ${addressLimit} interfaces`);
  return index.toString(16);
}
