import type {
  BridgedInterface,
  HostnameBackend,
  NetworkBackend,
  NetworkInterface,
  Route,
  RoutedInterface,
  StaticAddresses,
} from '../recipe/osctl.ts';

/** Where osctld finds a NixOS container's programs, whether it runs or not. */
const programs = '/nix/var/nix/profiles/system/sw/bin';
const units = '/nix/var/nix/profiles/system/etc/systemd/system';

/**
 * NixOS, osctl's way: osctld writes two shell scripts of ip(8) commands, and the system runs `/ifcfg.add` before
 * network.target, and `/ifcfg.del` when it stops. osctld itself does not look whether it does.
 */
export const nixosNetwork: NetworkBackend = {
  name: 'nixos',

  prepare: [],

  async problems(rootfs) {
    const problems: string[] = [];
    for (const program of ['ip', 'hostname', 'chpasswd']) {
      if (!(await rootfs.succeeds(['test', '-x', `${programs}/${program}`])))
        problems.push(`${programs}/${program} is missing`);
    }
    const runs = `grep -q -e '^ExecStart=.* /ifcfg\\.add' ${units}/*.target.wants/*.service`;
    if (!(await rootfs.succeeds(['sh', '-c', runs])))
      problems.push('no unit that is wanted at boot runs /ifcfg.add');
    return problems;
  },

  configure: async (_rootfs, interfaces) => [
    {path: '/ifcfg.add', content: renderScript(interfaces, 'add')},
    {path: '/ifcfg.del', content: renderScript(interfaces, 'del')},
  ],

  leftovers: () => [],
};

/**
 * The hostname is a matter of the system's own configuration: osctld writes nothing, and without one of its own the
 * container keeps the name it is started with.
 */
export const nixosHostname: HostnameBackend = {
  name: 'nixos',
  unsupported: 'osctld does not set a hostname in NixOS: it comes from the system’s configuration',
  problems: async () => [],
  files: () => [],
  command: () => ['true'],
};

type Operation = 'add' | 'del';

/** `/ifcfg.add` or `/ifcfg.del`. The two generations differ in the interconnecting network only. */
export function renderScript(interfaces: readonly NetworkInterface[], operation: Operation): string {
  const parts = interfaces.map((netif) =>
    [
      `echo "Configuring ${netif.name}"`,
      ...(operation === 'add'
        ? [`ip link set ${netif.name} up`, `echo 0 > /proc/sys/net/ipv6/conf/${netif.name}/accept_dad`]
        : []),
      ...(netif.type === 'routed' ? routed(netif, operation) : bridged(netif, operation)),
    ].join('\n'),
  );
  return `${parts.join('\n\n')}\n`;
}

function routed({name, v4, v6}: RoutedInterface, operation: Operation): string[] {
  return [
    ...(v4 === undefined ? [] : commands('ip -4', name, routedSetup(v4), operation)),
    ...(v6 === undefined ? [] : commands('ip -6', name, routedSetup(v6), operation)),
  ];
}

/** Addresses by DHCP are the system's own to get. */
function bridged({name, dhcp, v4, v6}: BridgedInterface, operation: Operation): string[] {
  return [
    ...(dhcp || v4 === undefined ? [] : commands('ip -4', name, bridgedSetup(v4), operation)),
    ...(v6 === undefined ? [] : commands('ip -6', name, bridgedSetup(v6), operation)),
  ];
}

interface Setup {
  readonly addresses: readonly string[];
  /** What stands between `route add` and the interface, and after it. */
  readonly routes: readonly {readonly to: string; readonly source?: string | undefined}[];
}

function routedSetup({interconnect, gateway, addresses}: Route): Setup {
  const source = addresses[0]?.split('/')[0];
  return {
    addresses: [...(interconnect === undefined ? [] : [interconnect.container]), ...addresses],
    routes: [
      ...(interconnect === undefined ? [{to: gateway}] : []),
      ...(source === undefined ? [] : [{to: `default via ${gateway}`, source}]),
    ],
  };
}

function bridgedSetup({addresses, gateway}: StaticAddresses): Setup {
  return {addresses, routes: gateway === undefined ? [] : [{to: `default via ${gateway}`}]};
}

function commands(ip: string, name: string, {addresses, routes}: Setup, operation: Operation): string[] {
  // without the flag an address is tentative for a moment even with accept_dad 0, and no route's source meanwhile
  const flag = ip === 'ip -6' && operation === 'add' ? ' nodad' : '';
  const onAddresses = addresses.map((address) => `${ip} addr ${operation} ${address} dev ${name}${flag}`);
  const onRoutes = routes.map(
    ({to, source}) =>
      `${ip} route ${operation} ${to} dev ${name}${source === undefined ? '' : ` src ${source}`}`,
  );
  if (operation === 'add') return [...onAddresses, ...onRoutes];
  return [...onRoutes.toReversed(), ...onAddresses].map((line) => `${line} || true`);
}
