import test from 'ava';
import {initscripts, interfaceFiles} from '../../src/osctl/initscripts.ts';
import type {Generation, NetworkInterface} from '../../src/recipe/osctl.ts';
import type {Rootfs} from '../../src/recipe/rootfs.ts';
import {treeWith} from '../fixtures/tree-with.ts';

/** The content of the files written for an interface, by their names. */
function contents(netif: NetworkInterface, generation: Generation): Record<string, string> {
  return Object.fromEntries(
    interfaceFiles(netif, generation).map((entry) => [
      entry.path.replace('/etc/sysconfig/network-scripts/', ''),
      'content' in entry ? String(entry.content) : 'no file',
    ]),
  );
}

test('2018: the interconnecting network comes first, and the first address is the source', (t) => {
  const netif: NetworkInterface = {
    name: 'venet0',
    type: 'routed',
    v4: {
      interconnect: {host: '198.51.100.1/30', container: '198.51.100.2/30'},
      gateway: '198.51.100.1',
      addresses: ['192.0.2.10/32', '192.0.2.11/32'],
    },
    v6: {
      interconnect: {host: '2001:db8:c::1/126', container: '2001:db8:c::2/126'},
      gateway: '2001:db8:c::1',
      addresses: ['2001:db8::10/128', '2001:db8::11/128'],
    },
  };
  t.deepEqual(contents(netif, '2018'), {
    'ifcfg-venet0': `DEVICE=venet0
BOOTPROTO=static
ONBOOT=yes
IPADDR0=198.51.100.2
NETMASK0=255.255.255.252
IPADDR1=192.0.2.10
NETMASK1=255.255.255.255
IPADDR2=192.0.2.11
NETMASK2=255.255.255.255
IPV6INIT="yes"
IPV6ADDR=2001:db8:c::2/126
IPV6ADDR_SECONDARIES="2001:db8::10/128 2001:db8::11/128"
`,
    'route-venet0': 'default via 198.51.100.1 src 192.0.2.10\n',
    'route6-venet0': 'default via 2001:db8:c::1 src 2001:db8::10\n',
  });
});

test('2018: an interface that has nothing but the interconnecting network has no default route', (t) => {
  const v4 = {
    interconnect: {host: '198.51.100.1/30', container: '198.51.100.2/30'},
    gateway: '198.51.100.1',
    addresses: [],
  };
  t.is(contents({name: 'eth0', type: 'routed', v4}, '2018')['route-eth0'], '');
});

test('today: a route to the gateway, and the default route through it', (t) => {
  const netif: NetworkInterface = {
    name: 'eth0',
    type: 'routed',
    v4: {gateway: '255.255.255.254', addresses: ['192.0.2.10/32']},
    v6: {gateway: 'fe80::1', addresses: ['2001:db8::10/64']},
  };
  t.deepEqual(contents(netif, 'today'), {
    'ifcfg-eth0': `DEVICE=eth0
BOOTPROTO=static
ONBOOT=yes
IPADDR0=192.0.2.10
NETMASK0=255.255.255.255
IPV6INIT="yes"
IPV6ADDR=2001:db8::10/64
IPV6ADDR_SECONDARIES=""
`,
    'route-eth0': '255.255.255.254 dev eth0\ndefault via 255.255.255.254 dev eth0 src 192.0.2.10\n',
    'route6-eth0': 'fe80::1 dev eth0\ndefault via fe80::1 dev eth0 src 2001:db8::10\n',
  });
});

test('an interface without addresses of one version has no routes of it', (t) => {
  const v6 = {gateway: 'fe80::1', addresses: ['2001:db8::10/64']};
  t.deepEqual(Object.keys(contents({name: 'eth0', type: 'routed', v6}, 'today')), [
    'ifcfg-eth0',
    'route6-eth0',
  ]);
  t.deepEqual(contents({name: 'eth0', type: 'routed'}, 'today'), {
    'ifcfg-eth0': 'DEVICE=eth0\nBOOTPROTO=static\nONBOOT=yes\n',
  });
});

test('bridged: addresses by DHCP, or the member’s own with and without a gateway', (t) => {
  t.deepEqual(contents({name: 'eth0', type: 'bridged', dhcp: true}, 'today'), {
    'ifcfg-eth0': 'DEVICE=eth0\nBOOTPROTO=dhcp\nONBOOT=yes\n',
  });
  const own: NetworkInterface = {
    name: 'lan0',
    type: 'bridged',
    dhcp: false,
    v4: {addresses: ['192.0.2.10/20'], gateway: '192.0.2.1'},
    v6: {addresses: ['2001:db8::10/64']},
  };
  for (const generation of ['2018', 'today'] as const) {
    t.deepEqual(contents(own, generation), {
      'ifcfg-lan0': `DEVICE=lan0
BOOTPROTO=static
ONBOOT=yes
IPADDR0=192.0.2.10
NETMASK0=255.255.240.0
GATEWAY=192.0.2.1
IPV6INIT="yes"
IPV6ADDR=2001:db8::10/64
IPV6ADDR_SECONDARIES=""
`,
    });
  }
});

test('what an interface leaves when it goes', (t) => {
  const folder = '/etc/sysconfig/network-scripts';
  t.deepEqual(initscripts.leftovers('eth0'), [
    `${folder}/ifcfg-eth0`,
    `${folder}/route-eth0`,
    `${folder}/route6-eth0`,
  ]);
});

/** A tree in which these paths exist, with `/etc/sysconfig/network` of this content. */
function tree(paths: readonly string[], network?: string): Rootfs {
  return {
    ...treeWith({}),
    succeeds: async (argv) => paths.includes(argv.at(-1) ?? ''),
    read: async () => network,
  };
}

const usable = ['/etc/sysconfig/network-scripts', '/etc/init.d/network', '/etc/rc.d/rc3.d/S10network'];

test('usable: the folder of the scripts, and a network service that is executable and switched on', async (t) => {
  t.deepEqual(await initscripts.problems(tree(usable)), []);
  for (const missing of usable) {
    const problems = await initscripts.problems(tree(usable.filter((path) => path !== missing)));
    t.is(problems.length, 1);
    t.true(problems[0]?.includes(missing), problems[0]);
  }
});

test('NETWORKING=yes is set beside what is in /etc/sysconfig/network, once', async (t) => {
  const configure = (network?: string) => initscripts.configure(tree([], network), [], 'today');
  t.deepEqual(await configure('NETWORKING=yes\nHOSTNAME=vps\n'), []);
  t.deepEqual(await configure('HOSTNAME=vps\nNETWORKING=no\n'), [
    {path: '/etc/sysconfig/network', content: 'HOSTNAME=vps\nNETWORKING=yes\n'},
  ]);
  t.deepEqual(await configure(), [{path: '/etc/sysconfig/network', content: 'NETWORKING=yes\n'}]);
});
