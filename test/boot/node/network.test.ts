import test from 'ava';
import {addressLimit, routedInterface} from '../../../src/boot/node/addresses.ts';
import {routedSide} from '../../../src/boot/node/network.ts';
import type {Generation} from '../../../src/recipe/osctl.ts';

test('no two containers of a node share an address, in either generation', (t) => {
  for (const generation of ['2018', 'today'] as const) {
    const addresses = Array.from({length: addressLimit}, (_, index) => {
      const {v4, v6} = routedInterface('eth0', index + 1, {generation});
      return [v4, v6].flatMap((route) => [
        ...(route?.addresses ?? []),
        ...Object.values(route?.interconnect ?? {}),
      ]);
    }).flat();
    t.is(new Set(addresses).size, addresses.length);
  }
});

test('2018: the node routes through the interconnecting network', (t) => {
  t.deepEqual(routedSide('veth-10', routedInterface('eth0', 10, {generation: '2018'})), [
    'link set veth-10 up',
    'addr add 198.18.10.1/30 dev veth-10',
    'route add 192.0.2.10/32 via 198.18.10.2 dev veth-10',
    'route add 198.51.100.10/32 via 198.18.10.2 dev veth-10',
    'addr add 2001:db8:c:a::1/126 dev veth-10 nodad',
    'route add 2001:db8:a:a::1/128 via 2001:db8:c:a::2 dev veth-10',
    'route add 2001:db8:b:a::1/128 via 2001:db8:c:a::2 dev veth-10',
  ]);
});

test('a routed network leads through an address of the member’s', (t) => {
  const commands = (generation: Generation) =>
    routedSide('veth-10', routedInterface('eth0', 10, {generation, network: true})).filter((line) =>
      /\/(28|64) via/.test(line),
    );
  t.deepEqual(commands('2018'), [
    'route add 10.64.10.0/28 via 198.18.10.2 dev veth-10',
    'route add 2001:db8:d:a::/64 via 2001:db8:c:a::2 dev veth-10',
  ]);
  t.deepEqual(commands('today'), [
    'route add 10.64.10.0/28 via 192.0.2.10 dev veth-10',
    'route add 2001:db8:d:a::/64 via 2001:db8:a:a::1 dev veth-10',
  ]);
});

test('today: the node routes straight to the interface', (t) => {
  t.deepEqual(routedSide('veth-10', routedInterface('eth0', 10)), [
    'link set veth-10 up',
    'addr add 255.255.255.254/32 dev veth-10',
    'route add 192.0.2.10/32 dev veth-10',
    'route add 198.51.100.10/32 dev veth-10',
    'addr add fe80::1/64 dev veth-10 nodad',
    'route add 2001:db8:a:a::1/128 dev veth-10',
    'route add 2001:db8:b:a::1/128 dev veth-10',
  ]);
});
