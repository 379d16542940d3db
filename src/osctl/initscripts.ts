import type {
  BridgedInterface,
  Cidr,
  Generation,
  NetworkBackend,
  NetworkInterface,
  RoutedInterface,
} from '../recipe/osctl.ts';
import type {FileEntry, Rootfs} from '../recipe/rootfs.ts';
import {step} from '../recipe/step.ts';
import {readFolder} from '../rootfs/files.ts';

const folder = '/etc/sysconfig/network-scripts';
const common = '/etc/sysconfig/network';
const service = '/etc/init.d/network';

/** Red Hat's runlevels in which the network is up: chkconfig(8) makes these links when it switches a service on. */
const runlevels = ['2', '3', '4', '5'];
const link = (runlevel: string) => `/etc/rc.d/rc${runlevel}.d/S10network`;

/**
 * Red Hat's initscripts, osctl's way for CentOS and Fedora without NetworkManager. osctld writes `ifcfg-<if>` for
 * every interface, and `route-<if>` and `route6-<if>` for routed ones; `/etc/init.d/network` reads them.
 */
export const initscripts: NetworkBackend = {
  name: 'initscripts',

  prepare: [
    step('initscripts', async (rootfs) => {
      await rootfs.write([
        ...(await readFolder(new URL('files/initscripts/', import.meta.url))),
        ...runlevels.map((runlevel) => ({path: link(runlevel), target: '../init.d/network'})),
      ]);
    }),
  ],

  async problems(rootfs) {
    const [scripts, executable, on] = await Promise.all([
      rootfs.succeeds(['test', '-d', folder]),
      rootfs.succeeds(['test', '-x', service]),
      rootfs.succeeds(['test', '-L', link('3')]),
    ]);
    return [
      ...(scripts ? [] : [`${folder} is missing`]),
      ...(executable ? [] : [`${service} is not there, or not executable`]),
      ...(on ? [] : [`${service} is not switched on: ${link('3')} is missing`]),
    ];
  },

  async configure(rootfs, interfaces, generation) {
    return [
      ...(await networking(rootfs)),
      ...interfaces.flatMap((netif) => interfaceFiles(netif, generation)),
    ];
  },

  leftovers: (name) => [ifcfg(name), route(name, 4), route(name, 6)],
};

const ifcfg = (name: string) => `${folder}/ifcfg-${name}`;
const route = (name: string, version: 4 | 6) => `${folder}/route${version === 6 ? '6' : ''}-${name}`;

/** osctld sets this in a file that has more in it, and changes nothing where it is set. */
async function networking(rootfs: Rootfs): Promise<FileEntry[]> {
  const text = (await rootfs.read(common)) ?? '';
  if (/^NETWORKING=yes$/m.test(text)) return [];
  const others = text.split('\n').filter((line) => line !== '' && !line.startsWith('NETWORKING='));
  return [{path: common, content: [...others, 'NETWORKING=yes', ''].join('\n')}];
}

/** The files of one interface, by the documentation of initscripts (`sysconfig.txt`). */
export function interfaceFiles(netif: NetworkInterface, generation: Generation): FileEntry[] {
  return netif.type === 'routed' ? routed(netif, generation) : [bridged(netif)];
}

function routed(netif: RoutedInterface, generation: Generation): FileEntry[] {
  const {name, v4, v6} = netif;
  // 2018: the address in the interconnecting network comes first
  const all = (version: typeof v4) =>
    version === undefined
      ? []
      : [
          ...(version.interconnect === undefined ? [] : [version.interconnect.container]),
          ...version.addresses,
        ];
  const lines = [
    `DEVICE=${name}`,
    'BOOTPROTO=static',
    'ONBOOT=yes',
    ...v4Lines(all(v4)),
    ...v6Lines(all(v6)),
  ];
  return [
    file(ifcfg(name), lines),
    ...([4, 6] as const).flatMap((version) => {
      const found = version === 4 ? v4 : v6;
      if (found === undefined) return [];
      const [first] = found.addresses;
      const source = first === undefined ? '' : ` src ${bare(first)}`;
      const {gateway} = found;
      if (generation === '2018') {
        const routes = first === undefined ? [] : [`default via ${gateway}${source}`];
        return [file(route(name, version), routes)];
      }
      return [
        file(route(name, version), [`${gateway} dev ${name}`, `default via ${gateway} dev ${name}${source}`]),
      ];
    }),
  ];
}

function bridged({name, dhcp, v4, v6}: BridgedInterface): FileEntry {
  return file(ifcfg(name), [
    `DEVICE=${name}`,
    `BOOTPROTO=${dhcp ? 'dhcp' : 'static'}`,
    'ONBOOT=yes',
    ...(dhcp || v4 === undefined ? [] : v4Lines(v4.addresses)),
    ...(dhcp || v4?.gateway === undefined ? [] : [`GATEWAY=${v4.gateway}`]),
    ...(v6 === undefined ? [] : v6Lines(v6.addresses)),
    ...(v6?.gateway === undefined ? [] : [`IPV6_DEFAULTGW=${v6.gateway}`]),
  ]);
}

function v4Lines(addresses: readonly Cidr[]): string[] {
  return addresses.flatMap((address, index) => [
    `IPADDR${index}=${bare(address)}`,
    `NETMASK${index}=${netmask(address)}`,
  ]);
}

function v6Lines([first, ...others]: readonly Cidr[]): string[] {
  if (first === undefined) return [];
  return ['IPV6INIT="yes"', `IPV6ADDR=${first}`, `IPV6ADDR_SECONDARIES="${others.join(' ')}"`];
}

function bare(address: Cidr): string {
  return address.split('/')[0] ?? address;
}

/** `255.255.255.252` for a prefix length of 30. */
function netmask(address: Cidr): string {
  const length = Number(address.split('/')[1] ?? 32);
  const byte = (index: number) => 256 - 2 ** (8 - Math.max(0, Math.min(8, length - 8 * index)));
  return [0, 1, 2, 3].map(byte).join('.');
}

function file(path: string, lines: readonly string[]): FileEntry {
  return {path, content: lines.map((line) => `${line}\n`).join('')};
}
