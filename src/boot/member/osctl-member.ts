import {fileURLToPath} from 'node:url';
import type {Stopped} from '../../container/engine.ts';
import {deviceOf, type Feature} from '../../container/features.ts';
import {Failure} from '../../failure.ts';
import {type CommandOptions, command, tryCommand} from '../../host/command.ts';
import type {ReleaseRecipe} from '../../recipe/distribution.ts';
import type {Cidr, NetworkInterface, RoutedInterface} from '../../recipe/osctl.ts';
import type {Rootfs} from '../../recipe/rootfs.ts';
import {treeOf} from '../../rootfs/tree.ts';
import {routedInterface, versionOf, withAddresses, withoutPrefix} from '../node/addresses.ts';
import {notChecked} from '../scenario/scenario.ts';
import {tellCommand} from '../wait.ts';
import {type Boot, bootOf} from './boot-of.ts';
import type {Member, MemberOptions, MemberOrder} from './member.ts';

export interface OsctlMemberSource extends MemberOrder {
  /** The container's id, unique on the host. */
  readonly id: string;
  /** The path of the image archive. */
  readonly archive: string;
  readonly recipe: ReleaseRecipe;
  nextIndex(): number;
}

/** `ct exec` may join its words for a shell; a script gets its arguments as they are. */
const runInside = fileURLToPath(new URL('run-inside', import.meta.url));

/** Why osctl cannot switch a feature on for a test; undefined when it can. */
export function withheldByOsctl(feature: Feature): string | undefined {
  if (deviceOf[feature] === undefined) return undefined;
  return `the devices of a vpsAdminOS host's containers come from its groups, which a test does not change: ${feature}`;
}

/**
 * Prepares a container for a member by osctl(8) on a vpsAdminOS host; it is stopped. Ends the scenario as not checked
 * where it needs what a test cannot ask of such a host.
 */
export async function createOsctlMember(source: OsctlMemberSource, options: MemberOptions): Promise<Member> {
  if (options.generation === '2018') notChecked('osctl has no interconnecting networks any more');
  if (options.hybrid !== undefined || options.trees !== undefined)
    notChecked('a test does not change what is mounted in the containers of a vpsAdminOS host');
  const interfaces = onlyRouted(options.interfaces ?? [routedInterface('eth0', source.nextIndex())]);
  const member = new OsctlMember(source);
  try {
    await member.order(interfaces, options);
    return member;
  } catch (error) {
    await member.kill().catch(unlessFailure); // it may not have come into being
    throw error;
  }
}

/** A member's container on a vpsAdminOS host: osctl(8) does everything to it. */
class OsctlMember implements Member {
  readonly name: string;
  readonly rootfs: Rootfs;
  readonly run: Member['run'];
  readonly #source: OsctlMemberSource;
  readonly #boot: Boot;
  #interfaces: readonly RoutedInterface[] = [];
  #features: readonly Feature[] = [];
  #running = false;

  constructor(source: OsctlMemberSource) {
    this.name = source.role;
    this.#source = source;
    this.#boot = bootOf(source.role, this.ask, source);
    this.rootfs = treeOf(this.ask, () => Math.floor(Date.now() / 1000));
    this.run = this.rootfs.run;
  }

  readonly ask = (argv: readonly string[], {env, ...options}: CommandOptions = {}) => {
    const variables = Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`);
    const words = variables.length === 0 ? argv : ['env', ...variables, ...argv];
    const start = this.#running ? [] : ['-r'];
    return this.#try(['ct', 'runscript', ...start, this.#source.id, runInside, ...words], options);
  };

  readonly interfaces = () => this.#interfaces;

  /** Imports the image, and orders what a member wants of it. */
  async order(
    interfaces: readonly RoutedInterface[],
    {hostname, resolvers, features = []}: MemberOptions,
  ): Promise<void> {
    await this.#do('ct', 'import', '--as-id', this.#source.id, this.#source.archive);
    for (const netif of interfaces) await this.#addInterface(netif);
    this.#interfaces = interfaces;
    if (hostname !== undefined) await this.setHostname(hostname);
    if (resolvers !== undefined) await this.setResolvers(resolvers);
    await this.setFeatures(features);
  }

  async start() {
    await this.#do('ct', 'start', this.#source.id);
    this.#running = true;
    return this.#boot.settled();
  }

  async reboot() {
    await this.#boot.leave(this.rootfs);
    return this.#boot.settled();
  }

  async stop(limit: number): Promise<Stopped> {
    const words = ['ct', 'stop', '--dont-kill', '--timeout', String(limit), this.#source.id];
    const {exitCode, lastLines} = await this.#try(words);
    if (await this.#hasStopped()) return 'clean';
    if (exitCode === 0) throw new Failure(`${this.name} runs after a stop that succeeded`, {lastLines});
    await this.#do('ct', 'stop', '--kill', this.#source.id);
    this.#running = false;
    return 'killed';
  }

  async ended(limit: number) {
    // a limit that has passed is told by the state
    await this.#try(['ct', 'wait', this.#source.id, 'stopped'], {limit}).catch(unlessFailure);
    return this.#hasStopped();
  }

  init() {
    return this.#boot.init();
  }

  failures() {
    return this.init().failures(this.ask);
  }

  restartNetwork() {
    return this.init().restartNetwork(this.#source.recipe.osctl.network);
  }

  setHostname(hostname: string) {
    return this.#do('ct', 'set', 'hostname', this.#source.id, hostname);
  }

  setResolvers(resolvers: readonly string[]) {
    return this.#do('ct', 'set', 'dns-resolver', this.#source.id, ...resolvers);
  }

  setPassword(password: string) {
    return this.#do('ct', 'passwd', this.#source.id, 'root', password);
  }

  async setInterfaces(changed: readonly NetworkInterface[]) {
    const ordered = onlyRouted(changed);
    for (const {name} of this.#interfaces) await this.#do('ct', 'netif', 'del', this.#source.id, name);
    for (const netif of ordered) await this.#addInterface(netif);
    this.#interfaces = ordered;
  }

  addAddress(netif: string, address: Cidr) {
    return this.#changeAddress('add', netif, address);
  }

  removeAddress(netif: string, address: Cidr) {
    return this.#changeAddress('del', netif, address);
  }

  async setFeatures(features: readonly Feature[]) {
    const withheld = features.map(withheldByOsctl).find((reason) => reason !== undefined);
    if (withheld !== undefined) notChecked(withheld);
    const nesting = features.includes('nesting');
    if (nesting !== this.#features.includes('nesting'))
      await this.#do('ct', nesting ? 'set' : 'unset', 'nesting', this.#source.id);
    this.#features = features;
  }

  async type(): Promise<string> {
    return notChecked("a console of osctl's is for a person's terminal");
  }

  async logs() {
    // asked after a limit has passed, too
    const late = {signal: undefined, limit: 5, quiet: true};
    const journal = this.#running ? await this.#boot.journal((argv) => this.ask(argv, late)) : [];
    const log = await this.#run(['ct', 'log', 'cat', this.#source.id], late).catch(() => '');
    const logs = {lxc: log.split('\n').slice(-30), journal};
    return Object.fromEntries(Object.entries(logs).filter(([, lines]) => lines.join('') !== ''));
  }

  async kill() {
    await this.#run(['ct', 'del', '-f', this.#source.id], {signal: undefined});
  }

  async #hasStopped(): Promise<boolean> {
    const state = await this.#run(['ct', 'show', '-H', '-o', 'state', this.#source.id]);
    this.#running = state.trim() !== 'stopped';
    return !this.#running;
  }

  async #addInterface({name, v4, v6}: RoutedInterface): Promise<void> {
    const netif = (...words: readonly string[]) => this.#do('ct', 'netif', ...words);
    await netif('new', 'routed', this.#source.id, name);
    for (const route of [v4, v6]) {
      const {addresses = [], networks = []} = route ?? {};
      for (const address of addresses) await netif('ip', 'add', this.#source.id, name, address);
      const via = withoutPrefix(addresses[0] ?? '');
      for (const network of networks)
        await netif('route', 'add', '--via', via, this.#source.id, name, network);
    }
  }

  async #changeAddress(change: 'add' | 'del', name: string, address: Cidr): Promise<void> {
    await this.#do('ct', 'netif', 'ip', change, this.#source.id, name, address);
    const version = versionOf(address);
    this.#interfaces = this.#interfaces.map((netif) => {
      if (netif.name !== name) return netif;
      const others = (netif[version]?.addresses ?? []).filter((each) => each !== address);
      return withAddresses(netif, version, change === 'add' ? [...others, address] : others);
    });
  }

  async #do(...words: readonly string[]): Promise<void> {
    await this.#run(words);
  }

  #run(words: readonly string[], options?: CommandOptions) {
    return command(['osctl', ...words], this.#told(words, options));
  }

  #try(words: readonly string[], options?: CommandOptions) {
    return tryCommand(['osctl', ...words], this.#told(words, options));
  }

  #told(words: readonly string[], options?: CommandOptions): CommandOptions {
    const {activity, role, signal, log} = this.#source;
    tellCommand(activity, ['osctl', ...words], role);
    return {signal, log, title: `osctl ${words.slice(0, 2).join(' ')}`, ...options};
  }
}

/** Bridges are the host's administrator's. */
function onlyRouted(interfaces: readonly NetworkInterface[]): readonly RoutedInterface[] {
  return interfaces.map((netif) => {
    if (netif.type === 'routed') return netif;
    return notChecked('a test knows no bridge of a vpsAdminOS host, nor its addresses');
  });
}

function unlessFailure(error: unknown): void {
  if (!(error instanceof Failure)) throw error;
}
