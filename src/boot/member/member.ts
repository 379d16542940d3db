import type {ContainerSpec, Stopped, Veth} from '../../container/engine.ts';
import type {Feature} from '../../container/features.ts';
import {Failure} from '../../failure.ts';
import type {CommandOptions, CommandResult} from '../../host/command.ts';
import type {Cidr, Generation, NetworkInterface} from '../../recipe/osctl.ts';
import type {Rootfs} from '../../recipe/rootfs.ts';
import {treeOf} from '../../rootfs/tree.ts';
import type {Ask, InitSystem} from '../init/init-system.ts';
import {routedInterface, versionOf, withAddresses} from '../node/addresses.ts';
import {connect, route} from '../node/network.ts';
import type {BootNode} from '../node/node.ts';
import {rememberCommand, tellCommand, type WaitOptions} from '../wait.ts';
import {bootOf} from './boot-of.ts';
import {
  changeHostname,
  changeResolvers,
  removeInterfaces,
  type Settings,
  setPassword,
  writeInterfaces,
  writeSettings,
} from './osctld.ts';
import {installHooks} from './script-hooks.ts';

/** What a member orders. */
export interface MemberOptions {
  readonly hostname?: string;
  readonly resolvers?: readonly string[];
  /** Which osctld the node has; `today` unless given. */
  readonly generation?: Generation;
  /** One routed interface, eth0, unless given. */
  readonly interfaces?: readonly NetworkInterface[];
  /** Nothing unless given. */
  readonly features?: readonly Feature[];
  /** Other root filesystems that it sees, read-only; none unless given. */
  readonly trees?: ContainerSpec['trees'];
  /** On a node of the hybrid layout, with cgroup v1, and with what that gives init; unified unless given. */
  readonly hybrid?: {readonly initArguments: readonly string[]};
}

/** A member's container while it runs, to those who only look into it. */
export interface RunningMember {
  readonly name: string;
  /** As they are now. */
  readonly interfaces: () => readonly NetworkInterface[];
  /** Its tree, whether it runs or not. */
  readonly rootfs: Rootfs;
  /** Runs a command in the running container. */
  run(command: readonly string[], options?: CommandOptions): Promise<string>;
  /** Runs a command in the running container whose exit code is an answer. */
  ask(command: readonly string[], options?: CommandOptions): Promise<CommandResult>;
  /** The init system of the running container. */
  init(): InitSystem;
  /** What failed to start. */
  failures(): Promise<string[]>;
  /** Types a line on its console, and gives what that shows: once it matches, or after `limit` seconds. */
  type(line: string, shown: RegExp, limit: number): Promise<string>;
}

/** A member's container, as its owner and the node see it. */
export interface Member extends RunningMember {
  /** Writes what osctld writes, starts it, and waits for the end of its boot: the state it reached. */
  start(): Promise<string>;
  /** Asks it to halt; `killed` when it did not within the limit (seconds). */
  stop(limit: number): Promise<Stopped>;
  /** Waits until it has halted by itself, at most `limit` seconds. */
  ended(limit: number): Promise<boolean>;
  /** What it is asked to be called from now on, whether it runs or not. */
  setHostname(hostname: string): Promise<void>;
  setResolvers(resolvers: readonly string[]): Promise<void>;
  setPassword(password: string): Promise<void>;
  /** Orders other interfaces for the stopped container. */
  setInterfaces(interfaces: readonly NetworkInterface[]): Promise<void>;
  /** Orders another address for a routed interface, whether it runs or not. */
  addAddress(netif: string, address: Cidr): Promise<void>;
  removeAddress(netif: string, address: Cidr): Promise<void>;
  setFeatures(features: readonly Feature[]): Promise<void>;
  /** Reboots it from inside, and waits for the end of the boot: the state it reached. */
  reboot(): Promise<string>;
  /** The command that takes its network down and up again, where that is known. */
  restartNetwork(): readonly string[] | undefined;
  /** The ends of its logs, by name. */
  logs(): Promise<Record<string, readonly string[]>>;
  kill(): Promise<void>;
}

export interface MemberOrder extends WaitOptions {
  /** Unique on the node: `hostname-1`. */
  readonly role: string;
  readonly log?: ((line: string) => void) | undefined;
}

export interface MemberSource extends MemberOrder {
  readonly node: BootNode;
}

/** Prepares a container for a member; it is stopped. */
export async function createMember(source: MemberSource, options: MemberOptions): Promise<Member> {
  const {node, role, signal, activity} = source;
  const {enclosure, recipe} = node;
  const {generation = 'today', features = [], hybrid, trees = []} = options;
  const {interfaces = [routedInterface('eth0', node.nextIndex(), {generation})]} = options;
  let peers = peersOf(interfaces, node);
  const container = await enclosure.container({
    role,
    layers: node.layers,
    veths: peers,
    init: [...node.initCommand, ...(hybrid?.initArguments ?? [])],
    haltSignal: recipe.haltSignal,
    profile: 'system',
    features,
    trees,
    cgroups: hybrid === undefined ? undefined : 'v1',
  });
  const hooks = node.image.hooks.length === 0 ? undefined : await installHooks(node, role);
  let settings: Settings = {...options, generation, interfaces};
  let running = false;
  const doing = (argv: readonly string[], rest?: CommandOptions): CommandOptions => {
    tellCommand(activity, argv, role);
    return {signal, log: source.log, ...rest};
  };
  const ask: Member['ask'] = (argv, rest) => {
    rememberCommand(activity, argv, role);
    return container.try(argv, {signal, log: source.log, ...rest});
  };
  const boot = bootOf(role, ask, {signal, activity});
  const rootfs = treeOf(
    (argv, rest) =>
      running ? container.try(argv, doing(argv, rest)) : container.tryStopped(argv, doing(argv, rest)),
    () => Math.floor(Date.now() / 1000),
  );

  const veths = () =>
    settings.interfaces.flatMap((netif) => {
      const peer = peers.find(({name}) => name === netif.name)?.peer;
      return peer === undefined ? [] : [{peer, netif}];
    });

  /** What the node does when it has started: its ends of the veths, then it waits for the end of the boot. */
  const booted = async () => {
    if (hooks !== undefined) await hooks.started(container);
    else for (const {peer, netif} of veths()) await connect(enclosure, peer, netif);
    return boot.settled();
  };

  /** What osctld does when an address comes or goes: configuration, the node's route, and ip(8) inside. */
  const changeAddress = async (change: 'add' | 'del', name: string, address: Cidr) => {
    const netif = settings.interfaces.find((each) => each.name === name);
    if (netif?.type !== 'routed') throw new Failure(`${role} has no routed interface ${name}`);
    const version = versionOf(address);
    const others = (netif[version]?.addresses ?? []).filter((each) => each !== address);
    const changed = withAddresses(netif, version, change === 'add' ? [...others, address] : others);
    const all = settings.interfaces.map((each) => (each === netif ? changed : each));
    settings = {...settings, interfaces: all};
    if (!running) return;
    await writeInterfaces(rootfs, recipe.osctl, settings);
    const peer = peers.find((each) => each.name === name)?.peer ?? name;
    await route(enclosure, change, peer, netif, address);
    if (recipe.osctl.hooks === undefined) await rootfs.run(['ip', 'addr', change, address, 'dev', name]);
  };

  return {
    name: role,
    interfaces: () => settings.interfaces,
    rootfs,
    ask,
    run: (argv, rest) => container.run(argv, doing(argv, rest)),

    async start() {
      await writeSettings(rootfs, recipe.osctl, settings);
      await container.configure({hostname: settings.hostname ?? container.name, veths: peers});
      if (hooks === undefined) await container.start();
      else await hooks.start(container, settings, veths());
      running = true;
      return booted();
    },

    async reboot() {
      await boot.leave(rootfs);
      return booted();
    },

    async stop(limit) {
      if (activity !== undefined) activity.now = `${role} to halt`;
      await hooks?.beforeStop();
      const stopped = await container.stop(limit);
      running = false;
      return stopped;
    },

    async ended(limit) {
      if (activity !== undefined) activity.now = `${role} to halt`;
      const ended = await container.ended(limit);
      if (ended) running = false;
      return ended;
    },

    init: boot.init,

    async setHostname(hostname) {
      const previous = settings.hostname;
      settings = {...settings, hostname};
      if (running) await changeHostname(rootfs, recipe.osctl, hostname, previous);
    },

    async setResolvers(resolvers) {
      settings = {...settings, resolvers};
      if (running) await changeResolvers(rootfs, recipe.osctl, resolvers);
    },

    setPassword: (password) => setPassword(rootfs, password),

    async setInterfaces(changed) {
      const gone = settings.interfaces.filter(({name}) => changed.every((each) => each.name !== name));
      await removeInterfaces(rootfs, recipe.osctl, gone);
      settings = {...settings, interfaces: changed};
      peers = peersOf(changed, node);
    },

    addAddress: (name, address) => changeAddress('add', name, address),
    removeAddress: (name, address) => changeAddress('del', name, address),
    type: (line, shown, limit) => container.type(line, shown, limit),
    setFeatures: (changed) => container.configure({features: changed}),
    failures: () => boot.init().failures(ask),
    restartNetwork: () => boot.init().restartNetwork(recipe.osctl.network),

    async logs() {
      // told after a limit has passed, too
      const hurried: Ask = (argv) => container.try(argv, {signal: undefined, limit: 5, quiet: true});
      const journal = running ? await boot.journal(hurried) : [];
      const addresses = running ? await networkState(hurried).catch(() => []) : [];
      const hooked = (await hooks?.log()) ?? [];
      const said = {...(await container.logs()), network: addresses, hooks: hooked, journal};
      return Object.fromEntries(Object.entries(said).filter(([, lines]) => lines.length > 0));
    },

    kill: () => container.kill(),
  };
}

/** A veth for each interface, with names that the node has once. */
function peersOf(interfaces: readonly NetworkInterface[], node: BootNode): Veth[] {
  return interfaces.map(({name}) => ({name, peer: node.nextPeer()}));
}

/** The addresses, routes and neighbours a container has. */
async function networkState(ask: Ask): Promise<string[]> {
  const objects = ['address', 'route', '-6 route', 'neighbour'];
  const {stdout} = await ask(['sh', '-c', objects.map((object) => `ip ${object}`).join('; ')]);
  return stdout.split('\n');
}
