import test from 'ava';
import {nixosNetwork, renderScript} from '../../src/osctl/nixos.ts';
import type {NetworkInterface} from '../../src/recipe/osctl.ts';
import type {Rootfs} from '../../src/recipe/rootfs.ts';
import {interconnected, routed} from '../fixtures/interfaces.ts';

test('2018: addresses come after the interconnecting network, and the first is the source', (t) => {
  t.is(
    renderScript([interconnected], 'add'),
    `echo "Configuring venet0"
ip link set venet0 up
echo 0 > /proc/sys/net/ipv6/conf/venet0/accept_dad
ip -4 addr add 198.51.100.2/30 dev venet0
ip -4 addr add 192.0.2.10/32 dev venet0
ip -4 addr add 192.0.2.11/32 dev venet0
ip -4 route add default via 198.51.100.1 dev venet0 src 192.0.2.10
`,
  );
});

test('today: a link route leads to the gateway, and IPv6 does not look for duplicates', (t) => {
  t.is(
    renderScript([routed], 'add'),
    `echo "Configuring eth0"
ip link set eth0 up
echo 0 > /proc/sys/net/ipv6/conf/eth0/accept_dad
ip -4 addr add 192.0.2.10/32 dev eth0
ip -4 route add 255.255.255.254 dev eth0
ip -4 route add default via 255.255.255.254 dev eth0 src 192.0.2.10
ip -6 addr add 2001:db8::10/64 dev eth0 nodad
ip -6 route add fe80::1 dev eth0
ip -6 route add default via fe80::1 dev eth0 src 2001:db8::10
`,
  );
});

test('the other script takes back what is there, in the opposite order, and goes on where something is not', (t) => {
  t.is(
    renderScript([interconnected], 'del'),
    `echo "Configuring venet0"
ip -4 route del default via 198.51.100.1 dev venet0 src 192.0.2.10 || true
ip -4 addr del 198.51.100.2/30 dev venet0 || true
ip -4 addr del 192.0.2.10/32 dev venet0 || true
ip -4 addr del 192.0.2.11/32 dev venet0 || true
`,
  );
});

test('bridged: addresses by DHCP are the system’s to get; the member’s own have a gateway or none', (t) => {
  t.false(renderScript([{name: 'eth0', type: 'bridged', dhcp: true}], 'add').includes('addr'));
  const own: NetworkInterface = {
    name: 'lan0',
    type: 'bridged',
    dhcp: false,
    v4: {addresses: ['192.0.2.10/24'], gateway: '192.0.2.1'},
    v6: {addresses: ['2001:db8::10/64']},
  };
  const script = renderScript([own], 'add');
  t.true(
    script.includes(
      '\nip -4 addr add 192.0.2.10/24 dev lan0\nip -4 route add default via 192.0.2.1 dev lan0\n',
    ),
  );
  t.true(script.endsWith('\nip -6 addr add 2001:db8::10/64 dev lan0 nodad\n'));
});

test('a script has every interface', (t) => {
  t.deepEqual(renderScript([interconnected, routed], 'add').match(/Configuring \w+/g), [
    'Configuring venet0',
    'Configuring eth0',
  ]);
});

/** A tree in which those commands succeed that have none of these words. */
function treeWithout(...words: readonly string[]): Rootfs {
  const none = () => Promise.reject(new Error('nothing else is asked'));
  return {
    run: none,
    read: none,
    look: none,
    write: none,
    remove: none,
    succeeds: async (command) => !words.some((word) => command.join(' ').includes(word)),
  };
}

test('usable is a system that has its programs and runs what osctld writes', async (t) => {
  t.deepEqual(await nixosNetwork.problems(treeWithout()), []);
  t.deepEqual(await nixosNetwork.problems(treeWithout('ExecStart')), [
    'no unit that is wanted at boot runs /ifcfg.add',
  ]);
  t.deepEqual(await nixosNetwork.problems(treeWithout('/ip')), [
    '/nix/var/nix/profiles/system/sw/bin/ip is missing',
  ]);
});
