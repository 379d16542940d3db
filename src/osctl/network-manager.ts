import type {NetworkBackend, NetworkInterface, Route, StaticAddresses} from '../recipe/osctl.ts';
import type {FileEntry} from '../recipe/rootfs.ts';
import {step} from '../recipe/step.ts';
import {readFolder} from '../rootfs/files.ts';

const folder = '/etc/NetworkManager';
const connections = `${folder}/system-connections`;
const service = 'NetworkManager.service';
const wanted = `/etc/systemd/system/multi-user.target.wants/${service}`;

/**
 * NetworkManager with keyfiles, osctl's first choice for Fedora and CentOS. osctld writes a connection for every
 * interface, `conf.d/osctl.conf`, which has NetworkManager manage them, and an udev rule that says so once more:
 * the rules that come with NetworkManager keep it away from veths.
 */
export const networkManager: NetworkBackend = {
  name: 'NetworkManager',

  prepare: [
    step('NetworkManager', async (rootfs) => {
      await rootfs.write([
        ...(await readFolder(new URL('files/network-manager/', import.meta.url))),
        {path: connections, directory: true, mode: 0o700},
        {path: '/etc/udev/rules.d', directory: true},
      ]);
      await rootfs.run(['systemctl', 'enable', service]);
    }),
  ],

  async problems(rootfs) {
    const test = (...argv: readonly string[]) => rootfs.succeeds(['test', ...argv]);
    const missing: string[] = [];
    if (await rootfs.succeeds(['sh', '-c', 'ls /etc/sysconfig/network-scripts/ifcfg-* >/dev/null 2>&1']))
      missing.push(
        'there are ifcfg-* files in /etc/sysconfig/network-scripts, which osctld would write instead',
      );
    for (const path of [`${folder}/conf.d`, connections])
      if (!(await test('-d', path))) missing.push(`the folder ${path} is missing`);
    if (!(await test('-L', wanted))) missing.push(`${service} is not enabled: ${wanted} is missing`);
    if (
      await rootfs.succeeds([
        'sh',
        '-c',
        '[ "$(readlink "$0")" = /dev/null ]',
        `/etc/systemd/system/${service}`,
      ])
    )
      missing.push(`${service} is masked`);
    if (!(await rootfs.succeeds(['sh', '-c', 'command -v NetworkManager'])))
      missing.push('NetworkManager is not installed');
    return missing;
  },

  async configure(rootfs, interfaces) {
    const rules = await rootfs.succeeds(['test', '-d', '/etc/udev/rules.d']);
    return [
      ...interfaces.map((netif) => ({path: keyfile(netif.name), content: renderKeyfile(netif), mode: 0o600})),
      managed(interfaces),
      ...(rules ? [udevRules(interfaces)] : []),
    ];
  },

  leftovers: (name) => [keyfile(name)],
};

const keyfile = (name: string) => `${connections}/${name}.nmconnection`;

/**
 * A connection, nm-settings-keyfile(5). Keyfiles are today's osctld's alone; an interconnecting network, as 2018's
 * osctld had them, is written the way it stands in other backends: its address first, and a source by the route.
 */
export function renderKeyfile(netif: NetworkInterface): string {
  const {name, v4, v6} = netif;
  const sections =
    netif.type === 'routed'
      ? [...routed('ipv4', netif.v4), ...routed('ipv6', netif.v6)]
      : [...(netif.dhcp ? ['[ipv4]\nmethod=auto\n'] : bridged('ipv4', v4)), ...bridged('ipv6', v6)];
  return [`[connection]\nid=${name}\ntype=ethernet\ninterface-name=${name}\n`, ...sections].join('\n');
}

type Section = 'ipv4' | 'ipv6';

function routed(section: Section, route: Route | undefined): string[] {
  if (route === undefined) return [];
  const {interconnect, gateway, addresses} = route;
  if (interconnect === undefined) {
    const host = section === 'ipv4' ? `${gateway}/32` : `${gateway}/128`;
    return [render(section, addresses, [`routes=${host}`, `gateway=${gateway}`])];
  }
  const source = addresses[0]?.split('/')[0];
  const everywhere = section === 'ipv4' ? '0.0.0.0/0' : '::/0';
  const options = source === undefined ? [] : [`route1_options=src=${source}`];
  return [
    render(section, [interconnect.container, ...addresses], [`route1=${everywhere},${gateway}`, ...options]),
  ];
}

function bridged(section: Section, own: StaticAddresses | undefined): string[] {
  if (own === undefined) return [];
  return [render(section, own.addresses, own.gateway === undefined ? [] : [`gateway=${own.gateway}`])];
}

function render(section: Section, addresses: readonly string[], lines: readonly string[]): string {
  const numbered = addresses.map((address, index) => `address${index + 1}=${address}`);
  return [`[${section}]`, 'method=manual', ...numbered, ...lines, ''].join('\n');
}

/** NetworkManager.conf(5). */
function managed(interfaces: readonly NetworkInterface[]): FileEntry {
  const devices = interfaces.map(({name}) => `\n[device]\nmatch-device=interface-name:${name}\nmanaged=1\n`);
  return {path: `${folder}/conf.d/osctl.conf`, content: `${notice}${devices.join('')}`};
}

function udevRules(interfaces: readonly NetworkInterface[]): FileEntry {
  const rules = interfaces.map(
    ({name}) => `ENV{ID_NET_DRIVER}=="veth", ENV{INTERFACE}=="${name}", ENV{NM_UNMANAGED}="0"\n`,
  );
  return {path: '/etc/udev/rules.d/86-osctl.rules', content: `${notice}${rules.join('')}`};
}

const notice = '# This file is generated by osctld.\n';
