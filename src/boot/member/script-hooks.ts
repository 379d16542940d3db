import {readFile} from 'node:fs/promises';
import type {Container} from '../../container/engine.ts';
import {containerName, inEnclosure, rootOf} from '../../container/namespaces.ts';
import {gnuTar} from '../../image/gnu-tar.ts';
import type {NetworkInterface} from '../../recipe/osctl.ts';
import type {FileEntry} from '../../recipe/rootfs.ts';
import {nodeSide} from '../node/network.ts';
import type {BootNode} from '../node/node.ts';
import type {Settings} from './osctld.ts';

/** A container's interface, and the node's end of it. */
export interface ConnectedVeth {
  readonly peer: string;
  readonly netif: NetworkInterface;
}

/** The script hooks that came with a container's image, as its node runs them. */
export interface ScriptHooks {
  /** Starts the container: its veths are connected when they come up, and the hooks before init are run. */
  start(container: Container, settings: Settings, veths: readonly ConnectedVeth[]): Promise<void>;
  /** Runs what comes when its init runs, after a reboot from inside too. */
  started(container: Container): Promise<void>;
  /** Runs what comes before the node asks it to halt. */
  beforeStop(): Promise<void>;
  /** What the hooks have said. */
  log(): Promise<string[]>;
}

const runner = new URL('run-hook', import.meta.url);

/** LXC's stages, and the script hooks that osctld runs in them. */
const stages = {
  'pre-start': 'pre-start',
  'veth-up': 'veth-up',
  'pre-mount': 'pre-mount',
  mount: 'post-mount',
  'start-host': 'on-start',
  stop: 'on-stop',
  'veth-down': 'veth-down',
  'post-stop': 'post-stop',
} as const;

/** Installs the script hooks of a node's image as a container's own, as osctld does; run-hook plays its part in them. */
export async function installHooks(node: BootNode, role: string): Promise<ScriptHooks> {
  const {enclosure, image} = node;
  const folder = `${inEnclosure.base}/hooks/${role}`;
  const runHook = `${folder}/run-hook`;
  const write = async (entries: readonly FileEntry[]) => {
    const input = gnuTar(entries, Math.floor(Date.now() / 1000));
    await enclosure.run(['tar', '--extract', '--directory', folder, '--file=-'], {input});
  };
  await enclosure.run(['mkdir', '-p', `${folder}/links`]);
  await write([
    {path: '/run-hook', content: await readFile(runner), mode: 0o755},
    ...image.hooks.map((entry) => ({...entry, path: `/ct${entry.path}`})),
  ]);

  return {
    async start(container, {hostname = '', resolvers}, veths) {
      await write([
        {path: '/environment', content: lines(environment(node, role, hostname))},
        {path: '/names', content: lines(veths.map(({peer, netif}) => `${peer} ${netif.name}`))},
        ...veths.map(({peer, netif}) => ({path: `/links/${peer}`, content: lines(nodeSide(peer, netif))})),
        ...(resolvers === undefined ? [] : [{path: '/ct/resolvers', content: lines(resolvers)}]),
      ]);
      await container.start({programs: programs(runHook), veths: veths.length});
    },

    async started(container) {
      await enclosure.run([runHook, 'post-start', await container.initPid()]);
    },

    async beforeStop() {
      await enclosure.run([runHook, 'pre-stop']);
    },

    async log() {
      const text = await enclosure.run(['sh', '-c', 'tail -n 20 "$0" 2>/dev/null || :', `${folder}/log`]);
      return text.split('\n');
    },
  };
}

function programs(runHook: string): Record<keyof typeof stages, string> {
  const at = (stage: keyof typeof stages) => `${runHook} ${stages[stage]}`;
  return {
    'pre-start': at('pre-start'),
    'veth-up': at('veth-up'),
    'pre-mount': at('pre-mount'),
    mount: at('mount'),
    'start-host': at('start-host'),
    stop: at('stop'),
    'veth-down': at('veth-down'),
    'post-stop': at('post-stop'),
  };
}

/** What every hook is told, a variable a line. */
function environment({enclosure, image}: BootNode, role: string, hostname: string): string[] {
  const name = containerName(enclosure.name, role);
  return [
    'OSCTL_POOL_NAME=tank',
    `OSCTL_CT_ID=${role}`,
    'OSCTL_CT_USER=member',
    'OSCTL_CT_GROUP=/default',
    `OSCTL_CT_DATASET=tank/ct/${role}`,
    `OSCTL_CT_ROOTFS=${rootOf(role)}`,
    `OSCTL_CT_LXC_PATH=${inEnclosure.lxc}`,
    `OSCTL_CT_LXC_DIR=${inEnclosure.lxc}/${name}`,
    `OSCTL_CT_CGROUP_PATH=lxc.payload.${name}`,
    `OSCTL_CT_DISTRIBUTION=${image.distribution}`,
    `OSCTL_CT_VERSION=${image.version}`,
    `OSCTL_CT_HOSTNAME=${hostname}`,
    `OSCTL_CT_LOG_FILE=${inEnclosure.lxc}/${name}/lxc.log`,
  ];
}

function lines(words: readonly string[]): string {
  return words.map((line) => `${line}\n`).join('');
}
