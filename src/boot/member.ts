import type {Stopped} from '../container/engine.ts';
import {Failure} from '../failure.ts';
import type {CommandOptions} from '../host/command.ts';
import type {Generation, RoutedInterface} from '../recipe/osctl.ts';
import type {Rootfs} from '../recipe/rootfs.ts';
import {treeOf} from '../rootfs/tree.ts';
import {routedInterface} from './addresses.ts';
import {type Ask, type InitSystem, initOf} from './init.ts';
import {connect} from './network.ts';
import type {BootNode} from './node.ts';
import {changeHostname, changeResolvers, type Settings, setPassword, writeSettings} from './osctld.ts';
import {type WaitOptions, waitFor} from './wait.ts';

/** What a member orders. */
export interface MemberOptions {
  readonly hostname?: string;
  readonly resolvers?: readonly string[];
  /** How osctld routes to it; `today` unless given. */
  readonly generation?: Generation;
}

/** A member's container, as its owner and the node see it. */
export interface Member {
  readonly name: string;
  readonly network: RoutedInterface;
  /** Its tree, whether it runs or not. */
  readonly rootfs: Rootfs;
  /** Runs a command in the running container. */
  run(command: readonly string[], options?: CommandOptions): Promise<string>;
  /** Writes what osctld writes, starts it, and waits for the end of its boot: the state it reached. */
  start(): Promise<string>;
  /** Asks it to halt; `killed` when it did not within the limit (seconds). */
  stop(limit: number): Promise<Stopped>;
  /** Waits until it has halted by itself, at most `limit` seconds. */
  ended(limit: number): Promise<boolean>;
  /** The init system of the running container. */
  init(): InitSystem;
  /** What it is asked to be called from now on, whether it runs or not. */
  setHostname(hostname: string): Promise<void>;
  setResolvers(resolvers: readonly string[]): Promise<void>;
  setPassword(password: string): Promise<void>;
  /** What failed to start. */
  failures(): Promise<string[]>;
  /** The command that takes its network down and up again, where that is known. */
  restartNetwork(): readonly string[] | undefined;
  /** The ends of its logs, by name. */
  logs(): Promise<Record<string, readonly string[]>>;
  kill(): Promise<void>;
}

export interface MemberSource extends WaitOptions {
  readonly node: BootNode;
  /** Unique on the node: `hostname-1`. */
  readonly role: string;
  /** From the node; decides its addresses. */
  readonly index: number;
  readonly log?: ((line: string) => void) | undefined;
}

/** Seconds a boot may take. */
const bootLimit = 90;

/** Prepares a container for a member; it is stopped. */
export async function createMember(source: MemberSource, options: MemberOptions): Promise<Member> {
  const {node, role, index, signal, activity} = source;
  const {enclosure, recipe} = node;
  const {generation = 'today'} = options;
  const network = routedInterface('eth0', index, generation);
  const peer = `veth-${index}`;
  const container = await enclosure.container({
    role,
    layers: node.layers,
    veths: [{name: network.name, peer}],
    init: node.initCommand,
    haltSignal: recipe.haltSignal,
    profile: 'system',
  });
  let settings: Settings = {generation, interfaces: [network], ...options};
  let running = false;
  let init: InitSystem | undefined;
  const doing = (argv: readonly string[], rest?: CommandOptions): CommandOptions => {
    if (activity !== undefined) activity.now = `${argv.join(' ')} in ${role}`;
    return {signal, log: source.log, ...rest};
  };
  const ask: Ask = (argv) => container.try(argv, {signal, log: source.log});
  const rootfs = treeOf(
    (argv, rest) =>
      running ? container.try(argv, doing(argv, rest)) : container.tryStopped(argv, doing(argv, rest)),
    () => Math.floor(Date.now() / 1000),
  );

  const knownInit = () => {
    if (init === undefined) throw new Failure(`${role} has not been started`);
    return init;
  };

  return {
    name: role,
    network,
    rootfs,
    run: (argv, rest) => container.run(argv, doing(argv, rest)),

    async start() {
      await writeSettings(rootfs, recipe.osctl, settings);
      await container.start({hostname: settings.hostname});
      running = true;
      await connect(enclosure, peer, network);
      const wait = {signal, activity};
      const found = await waitFor(`an init system in ${role}`, () => initOf(ask), bootLimit, wait);
      init = found;
      return waitFor(`the end of ${role}'s boot`, () => found.settled(ask), bootLimit, wait);
    },

    async stop(limit) {
      if (activity !== undefined) activity.now = `${role} to halt`;
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

    init: knownInit,

    async setHostname(hostname) {
      const previous = settings.hostname;
      settings = {...settings, hostname};
      if (running) await changeHostname(rootfs, recipe.osctl, hostname, previous);
    },

    async setResolvers(resolvers) {
      settings = {...settings, resolvers};
      if (running) await changeResolvers(rootfs, resolvers);
    },

    setPassword: (password) => setPassword(rootfs, password),
    failures: () => knownInit().failures(ask),
    restartNetwork: () => knownInit().restartNetwork(recipe.osctl.network),

    async logs() {
      // told after a limit has passed, too
      const hurried: Ask = (argv) => container.try(argv, {signal: undefined, limit: 5, quiet: true});
      const journal = running && init !== undefined ? await init.journal(hurried).catch(() => []) : [];
      const addresses = running ? await networkState(hurried).catch(() => []) : [];
      const said = {...(await container.logs()), network: addresses, journal};
      return Object.fromEntries(Object.entries(said).filter(([, lines]) => lines.length > 0));
    },

    kill: () => container.kill(),
  };
}

/** The addresses, routes and neighbours a container has. */
async function networkState(ask: Ask): Promise<string[]> {
  const objects = ['address', 'route', '-6 route', 'neighbour'];
  const {stdout} = await ask(['sh', '-c', objects.map((object) => `ip ${object}`).join('; ')]);
  return stdout.split('\n');
}
