import type {Generation, RoutedInterface} from '../recipe/osctl.ts';

/** Addresses of one computer for both IP versions, without prefix lengths. */
export interface Addresses {
  readonly v4: string;
  readonly v6: string;
}

/** How many containers one node has addresses for. */
export const addressLimit = 250;

/** The outside world's address, and the node's on the same network. */
export const outside = {
  probe: {v4: '203.0.113.10', v6: '2001:db8:ffff::10'},
  node: {v4: '203.0.113.1', v6: '2001:db8:ffff::1'},
  prefix: {v4: 24, v6: 64},
} as const;

/** Where today's osctld has its end of every routed interface: the same address on each. */
const gateway = {v4: '255.255.255.254', v6: 'fe80::1'} as const;

/**
 * The routed interface of a node's container number `index`, 1 to 250, as osctld would describe it: two addresses
 * for each IP version, all from the ranges for documentation (RFC 5737, RFC 3849) and benchmarks (RFC 2544).
 */
export function routedInterface(name: string, index: number, generation: Generation): RoutedInterface {
  const hex = index.toString(16);
  const v4 = [`192.0.2.${index}/32`, `198.51.100.${index}/32`];
  const v6 = [`2001:db8:a:${hex}::1/128`, `2001:db8:b:${hex}::1/128`];
  if (generation === 'today') {
    return {
      name,
      type: 'routed',
      v4: {gateway: gateway.v4, addresses: v4},
      v6: {gateway: gateway.v6, addresses: v6},
    };
  }
  const between4 = `198.18.${index}`;
  const between6 = `2001:db8:c:${hex}:`;
  return {
    name,
    type: 'routed',
    v4: {
      interconnect: {host: `${between4}.1/30`, container: `${between4}.2/30`},
      gateway: `${between4}.1`,
      addresses: v4,
    },
    v6: {
      interconnect: {host: `${between6}:1/126`, container: `${between6}:2/126`},
      gateway: `${between6}:1`,
      addresses: v6,
    },
  };
}

/** An address without its prefix length. */
export function withoutPrefix(cidr: string): string {
  return cidr.split('/')[0] ?? cidr;
}
