import type {Container, ContainerCommandOptions, Veth} from '../../container/engine.ts';
import type {Feature} from '../../container/features.ts';
import {Failure} from '../../failure.ts';
import type {Cidr, NetworkInterface} from '../../recipe/osctl.ts';
import type {Rootfs} from '../../recipe/rootfs.ts';
import {treeOf} from '../../rootfs/tree.ts';
import type {Ask} from '../init/init-system.ts';
import {routedInterface, versionOf, withAddresses} from '../node/addresses.ts';
import {connect, route} from '../node/network.ts';
import type {BootNode} from '../node/node.ts';
import {rememberCommand, tellCommand} from '../wait.ts';
import {type Boot, bootOf} from './boot-of.ts';
import type {Member, MemberOptions, MemberOrder} from './member.ts';
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

export interface EmulatedMemberSource extends MemberOrder {
  readonly node: BootNode;
}

/** Prepares a container for a member on a node where osctld is emulated; it is stopped. */
export async function createMember(source: EmulatedMemberSource, options: MemberOptions): Promise<Member> {
  const {node, role} = source;
  const {generation = 'today', features = [], hybrid, trees = []} = options;
  const {interfaces = [routedInterface('eth0', node.nextIndex(), {generation})]} = options;
  const veths = vethsOf(interfaces, node);
  const container = await node.enclosure.container({
    role,
    layers: node.layers,
    veths,
    init: [...node.initCommand, ...(hybrid?.initArguments ?? [])],
    haltSignal: node.recipe.haltSignal,
    profile: 'system',
    features,
    trees,
    limits: node.limits ?? {},
    cgroups: hybrid === undefined ? undefined : 'v1',
  });
  const hooks = node.image.hooks.length === 0 ? undefined : await installHooks(node, role);
  return new EmulatedMember(source, container, veths, hooks, {...options, generation, interfaces});
}

type ScriptHooks = Awaited<ReturnType<typeof installHooks>>;

/** A member's container in an enclosure: what osctld would do to it is done here. */
class EmulatedMember implements Member {
  readonly name: string;
  readonly rootfs: Rootfs;
  readonly #source: EmulatedMemberSource;
  readonly #container: Container;
  readonly #hooks: ScriptHooks | undefined;
  readonly #boot: Boot;
  #veths: readonly Veth[];
  #settings: Settings;
  #running = false;

  constructor(
    source: EmulatedMemberSource,
    container: Container,
    veths: readonly Veth[],
    hooks: ScriptHooks | undefined,
    settings: Settings,
  ) {
    this.name = source.role;
    this.#source = source;
    this.#container = container;
    this.#hooks = hooks;
    this.#veths = veths;
    this.#settings = settings;
    this.#boot = bootOf(source.role, this.ask, source);
    this.rootfs = treeOf(
      (argv, options) => {
        const told = this.#told(argv, options);
        return this.#running ? container.try(argv, told) : container.tryStopped(argv, told);
      },
      () => Math.floor(Date.now() / 1000),
    );
  }

  readonly ask: Member['ask'] = (argv, options) => {
    const {activity, role, signal, log} = this.#source;
    rememberCommand(activity, argv, role);
    return this.#container.try(argv, {signal, log, ...options});
  };

  readonly interfaces = () => this.#settings.interfaces;

  run(argv: readonly string[], options?: ContainerCommandOptions) {
    return this.#container.run(argv, this.#told(argv, options));
  }

  async start() {
    const {recipe} = this.#source.node;
    await writeSettings(this.rootfs, recipe.osctl, this.#settings);
    const hostname = this.#settings.hostname ?? this.#container.name;
    await this.#container.configure({hostname, veths: this.#veths});
    if (this.#hooks === undefined) await this.#container.start();
    else await this.#hooks.start(this.#container, this.#settings, this.#connections());
    this.#running = true;
    return this.#booted();
  }

  async reboot() {
    await this.#boot.leave(this.rootfs);
    return this.#booted();
  }

  async stop(limit: number) {
    this.#tell(`${this.name} to halt`);
    await this.#hooks?.beforeStop();
    const stopped = await this.#container.stop(limit);
    this.#running = false;
    return stopped;
  }

  async ended(limit: number) {
    this.#tell(`${this.name} to halt`);
    const ended = await this.#container.ended(limit);
    if (ended) this.#running = false;
    return ended;
  }

  init() {
    return this.#boot.init();
  }

  failures() {
    return this.init().failures(this.ask);
  }

  restartNetwork() {
    return this.init().restartNetwork(this.#source.node.recipe.osctl.network);
  }

  async setHostname(hostname: string) {
    const {hostname: previous} = this.#settings;
    this.#settings = {...this.#settings, hostname};
    if (this.#running) await changeHostname(this.rootfs, this.#source.node.recipe.osctl, hostname, previous);
  }

  async setResolvers(resolvers: readonly string[]) {
    this.#settings = {...this.#settings, resolvers};
    if (this.#running) await changeResolvers(this.rootfs, this.#source.node.recipe.osctl, resolvers);
  }

  setPassword(password: string) {
    return setPassword(this.rootfs, password);
  }

  async setInterfaces(changed: readonly NetworkInterface[]) {
    const gone = this.#settings.interfaces.filter(({name}) => changed.every((each) => each.name !== name));
    await removeInterfaces(this.rootfs, this.#source.node.recipe.osctl, gone);
    this.#settings = {...this.#settings, interfaces: changed};
    this.#veths = vethsOf(changed, this.#source.node);
  }

  addAddress(netif: string, address: Cidr) {
    return this.#changeAddress('add', netif, address);
  }

  removeAddress(netif: string, address: Cidr) {
    return this.#changeAddress('del', netif, address);
  }

  setFeatures(features: readonly Feature[]) {
    return this.#container.configure({features});
  }

  type(line: string, shown: RegExp, limit: number) {
    return this.#container.type(line, shown, limit);
  }

  async logs() {
    // asked after a limit has passed, too, and with what is left of a container
    const hurried: Ask = (argv) => this.#container.try(argv, {signal: undefined, limit: 5, quiet: true});
    const journal = this.#running ? await this.#boot.journal(hurried) : [];
    const network = this.#running ? await networkState(hurried).catch(() => []) : [];
    const hooks = (await this.#hooks?.log()) ?? [];
    const logs = {...(await this.#container.logs()), network, hooks, journal};
    return Object.fromEntries(Object.entries(logs).filter(([, lines]) => lines.length > 0));
  }

  kill() {
    return this.#container.kill();
  }

  /** What the node does when it has started: its ends of the veths, then it waits for the end of the boot. */
  async #booted() {
    const {enclosure} = this.#source.node;
    if (this.#hooks !== undefined) await this.#hooks.started(this.#container);
    else for (const {peer, netif} of this.#connections()) await connect(enclosure, peer, netif);
    return this.#boot.settled();
  }

  /** What osctld does when an address comes or goes: configuration, the node's route, and ip(8) inside. */
  async #changeAddress(change: 'add' | 'del', name: string, address: Cidr) {
    const {enclosure, recipe} = this.#source.node;
    const netif = this.#settings.interfaces.find((each) => each.name === name);
    if (netif?.type !== 'routed') throw new Failure(`${this.name} has no routed interface ${name}`);
    const version = versionOf(address);
    const others = (netif[version]?.addresses ?? []).filter((each) => each !== address);
    const changed = withAddresses(netif, version, change === 'add' ? [...others, address] : others);
    const interfaces = this.#settings.interfaces.map((each) => (each === netif ? changed : each));
    this.#settings = {...this.#settings, interfaces};
    if (!this.#running) return;
    await writeInterfaces(this.rootfs, recipe.osctl, this.#settings);
    const peer = this.#veths.find((each) => each.name === name)?.peer ?? name;
    await route(enclosure, change, peer, netif, address);
    if (recipe.osctl.hooks === undefined) await this.rootfs.run(['ip', 'addr', change, address, 'dev', name]);
  }

  /** Its interfaces with the node's ends of their veths. */
  #connections() {
    return this.#settings.interfaces.flatMap((netif) => {
      const peer = this.#veths.find(({name}) => name === netif.name)?.peer;
      return peer === undefined ? [] : [{peer, netif}];
    });
  }

  #told(argv: readonly string[], options?: ContainerCommandOptions): ContainerCommandOptions {
    const {activity, role, signal, log} = this.#source;
    tellCommand(activity, argv, role);
    return {signal, log, ...options};
  }

  #tell(waitingFor: string) {
    const {activity} = this.#source;
    if (activity !== undefined) activity.now = waitingFor;
  }
}

/** A veth for each interface, with names that the node has once. */
function vethsOf(interfaces: readonly NetworkInterface[], node: BootNode): Veth[] {
  return interfaces.map(({name}) => ({name, peer: node.nextPeer()}));
}

/** The addresses, routes and neighbours a container has. */
async function networkState(ask: Ask): Promise<string[]> {
  const objects = ['address', 'route', '-6 route', 'neighbour'];
  const {stdout} = await ask(['sh', '-c', objects.map((object) => `ip ${object}`).join('; ')]);
  return stdout.split('\n');
}
