import {toolsContainer} from '../../builder/rootfs.ts';
import type {Container, Enclosure, Layer} from '../../container/engine.ts';
import type {CommandResult} from '../../host/command.ts';
import {tellCommand, type WaitOptions} from '../wait.ts';
import {lan, outside, withoutPrefix} from './addresses.ts';
import {connectOutside, lanPeer, outsidePeer} from './network.ts';

/** What somebody logs in with. */
export type Login = {readonly key: SshKey} | {readonly password: string};

/** A key pair in the probe. */
export interface SshKey {
  /** The private key's path in the probe. */
  readonly path: string;
  /** The line of authorized_keys. */
  readonly public: string;
}

/** A computer somewhere in the internet that knows the node as the way to its members. */
export interface Probe {
  /** Whether an address answers a ping within a second. */
  ping(address: string): Promise<boolean>;
  /** Whether a path exists in its tree. */
  has(path: string): Promise<boolean>;
  /** Why it cannot tell what address a member connects from; undefined when it can. */
  readonly blind?: string;
  newKey(): Promise<SshKey>;
  /** A squashfs image with one file, in base64. */
  squashfs(file: string, content: string): Promise<string>;
  /** Logs in as root and runs a command there. */
  ssh(address: string, login: Login, command: string): Promise<CommandResult>;
}

/** The port on which the probe tells who connects what address it sees. */
export const addressPort = 7;

/** Starts the probe and gives it its network. */
export async function startProbe(enclosure: Enclosure, layers: readonly Layer[]): Promise<Container> {
  const container = await enclosure.container({
    ...toolsContainer,
    role: 'probe',
    layers,
    veths: [
      {name: 'eth0', peer: outsidePeer},
      {name: 'lan0', peer: lanPeer},
    ],
  });
  await container.start();
  await connectOutside(enclosure);
  const {probe, node, prefix} = outside;
  const commands = [
    'link set eth0 up',
    `addr add ${probe.v4}/${prefix.v4} dev eth0`,
    `addr add ${probe.v6}/${prefix.v6} dev eth0 nodad`,
    `route add default via ${node.v4}`,
    `route add default via ${node.v6} dev eth0`,
    'link set lan0 up',
    `addr add ${lan.gateway.v4}/${lan.prefix.v4} dev lan0`,
    `addr add ${lan.gateway.v6}/${lan.prefix.v6} dev lan0 nodad`,
  ];
  await container.run(['ip', '-batch', '-'], {input: commands.map((line) => `${line}\n`).join('')});
  const listeners = [`TCP4-LISTEN:${addressPort}`, `TCP6-LISTEN:${addressPort},ipv6only`];
  const script =
    "for listener; do socat $listener,fork,reuseaddr SYSTEM:'echo $SOCAT_PEERADDR' </dev/null >/dev/null 2>&1 & done";
  await container.run(['sh', '-c', script, 'listen', ...listeners], {background: true});
  await container.run(dhcpServer, {background: true});
  return container;
}

/** A DHCP server on the bridge, dnsmasq(8); the resolver it names is one that no member asked for. */
const dhcpServer = [
  ...['dnsmasq', '--port=0', '--interface=lan0', '--bind-interfaces', '--user=root', '--leasefile-ro'],
  `--dhcp-range=${lan.leases.first},${lan.leases.last},255.255.0.0,10m`,
  `--dhcp-option=option:router,${lan.gateway.v4}`,
  `--dhcp-option=option:dns-server,${lan.resolver}`,
  // nobody else has the addresses, so it need not ask before it gives one
  ...['--no-ping', '--dhcp-authoritative'],
];

/** A running probe as one scenario uses it. */
export function probeOf(container: Pick<Container, 'run' | 'try'>, {signal, activity}: WaitOptions): Probe {
  let keys = 0;
  const attempt = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    tellCommand(activity, argv, 'the probe');
    return container.try(argv, {signal, env});
  };
  return {
    async ping(address) {
      const {exitCode} = await attempt(['ping', '-c', '1', '-W', '1', withoutPrefix(address)]);
      return exitCode === 0;
    },

    has: async (path) => (await attempt(['test', '-e', path])).exitCode === 0,

    async newKey() {
      keys += 1;
      const folder = await container.run(['mktemp', '-d'], {signal});
      const path = `${folder}/key-${keys}`;
      await container.run(['ssh-keygen', '-q', '-t', 'ed25519', '-N', '', '-f', path], {signal});
      return {path, public: await container.run(['cat', `${path}.pub`], {signal})};
    },

    async squashfs(file, content) {
      const script =
        'cd "$(mktemp -d)" && mkdir tree && echo "$1" > "tree/$0" && mksquashfs tree image -quiet >/dev/null && base64 image';
      return container.run(['sh', '-c', script, file, content], {signal});
    },

    ssh(address, login, command) {
      const destination = ['--', `root@${withoutPrefix(address)}`, command];
      if ('key' in login) {
        const key = ['-i', login.key.path, '-o', 'IdentitiesOnly=yes', '-o', 'BatchMode=yes'];
        return attempt(['ssh', ...sshOptions, ...key, ...destination]);
      }
      const password = ['-o', 'PubkeyAuthentication=no', '-o', 'NumberOfPasswordPrompts=1'];
      return attempt(['sshpass', '-e', 'ssh', ...sshOptions, ...password, ...destination], {
        SSHPASS: login.password,
      });
    },
  };
}

/** Containers come and go with the same addresses: their host keys are no news. */
const sshOptions = [
  // nothing of the probe's own environment, such as its locale, goes along
  ...['-F', '/dev/null'],
  ...['-o', 'StrictHostKeyChecking=no'],
  ...['-o', 'UserKnownHostsFile=/dev/null'],
  ...['-o', 'LogLevel=ERROR'],
  ...['-o', 'ConnectTimeout=10'],
];
