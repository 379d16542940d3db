import {fileURLToPath} from 'node:url';
import {deviceOf, type Feature} from '../../container/features.ts';
import {Failure} from '../../failure.ts';
import {type CommandOptions, command, tryCommand} from '../../host/command.ts';
import type {ReleaseRecipe} from '../../recipe/distribution.ts';
import type {NetworkInterface, RoutedInterface} from '../../recipe/osctl.ts';
import {treeOf} from '../../rootfs/tree.ts';
import {routedInterface, versionOf, withAddresses, withoutPrefix} from '../node/addresses.ts';
import {notChecked} from '../scenario/scenario.ts';
import {tellCommand} from '../wait.ts';
import {bootOf} from './boot-of.ts';
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
  const {id, role, signal, activity, log} = source;
  const osctl = (words: readonly string[], rest: CommandOptions = {}) => {
    const title = `osctl ${words.slice(0, 2).join(' ')}`;
    tellCommand(activity, ['osctl', ...words], role);
    return [['osctl', ...words], {signal, log, title, ...rest}] as const;
  };
  const done = async (...words: readonly string[]) => void (await command(...osctl(words)));

  if (options.generation === '2018') notChecked('osctl has no interconnecting networks any more');
  if (options.hybrid !== undefined || options.trees !== undefined)
    notChecked('a test does not change what is mounted in the containers of a vpsAdminOS host');
  let interfaces = onlyRouted(options.interfaces ?? [routedInterface('eth0', source.nextIndex())]);
  let features: readonly Feature[] = [];
  let running = false;

  const inside = (argv: readonly string[], {env, ...rest}: CommandOptions = {}) => {
    const variables = Object.entries(env ?? {}).map(([name, value]) => `${name}=${value}`);
    const words = variables.length === 0 ? argv : ['env', ...variables, ...argv];
    return tryCommand(
      ...osctl(['ct', 'runscript', ...(running ? [] : ['-r']), id, runInside, ...words], rest),
    );
  };
  const rootfs = treeOf(inside, () => Math.floor(Date.now() / 1000));
  const boot = bootOf(role, inside, {signal, activity});

  const stopped = async () => {
    const state = (await command(...osctl(['ct', 'show', '-H', '-o', 'state', id]))).trim();
    running = state !== 'stopped';
    return !running;
  };

  const addInterface = async ({name, v4, v6}: RoutedInterface) => {
    await done('ct', 'netif', 'new', 'routed', id, name);
    for (const route of [v4, v6]) {
      const {addresses = [], networks = []} = route ?? {};
      for (const address of addresses) await done('ct', 'netif', 'ip', 'add', id, name, address);
      const via = withoutPrefix(addresses[0] ?? '');
      for (const network of networks)
        await done('ct', 'netif', 'route', 'add', '--via', via, id, name, network);
    }
  };

  const changeAddress = async (change: 'add' | 'del', name: string, address: string) => {
    await done('ct', 'netif', 'ip', change, id, name, address);
    const version = versionOf(address);
    interfaces = interfaces.map((netif) => {
      if (netif.name !== name) return netif;
      const others = (netif[version]?.addresses ?? []).filter((each) => each !== address);
      return withAddresses(netif, version, change === 'add' ? [...others, address] : others);
    });
  };

  const member: Member = {
    name: role,
    interfaces: () => interfaces,
    rootfs,
    ask: inside,
    run: rootfs.run,
    init: boot.init,
    failures: () => boot.init().failures(inside),
    restartNetwork: () => boot.init().restartNetwork(source.recipe.osctl.network),

    async start() {
      await done('ct', 'start', id);
      running = true;
      return boot.settled();
    },

    async reboot() {
      await boot.leave(rootfs);
      return boot.settled();
    },

    async stop(limit) {
      const words = ['ct', 'stop', '--dont-kill', '--timeout', String(limit), id];
      const {exitCode, lastLines} = await tryCommand(...osctl(words));
      if (await stopped()) return 'clean';
      if (exitCode === 0) throw new Failure(`${role} runs after a stop that succeeded`, {lastLines});
      await done('ct', 'stop', '--kill', id);
      running = false;
      return 'killed';
    },

    async ended(limit) {
      // a limit that has passed is told by the state
      await tryCommand(...osctl(['ct', 'wait', id, 'stopped'], {limit})).catch(unlessFailure);
      return stopped();
    },

    setHostname: (hostname) => done('ct', 'set', 'hostname', id, hostname),
    setResolvers: (resolvers) => done('ct', 'set', 'dns-resolver', id, ...resolvers),
    setPassword: (password) => done('ct', 'passwd', id, 'root', password),

    async setInterfaces(changed) {
      const ordered = onlyRouted(changed);
      for (const {name} of interfaces) await done('ct', 'netif', 'del', id, name);
      for (const netif of ordered) await addInterface(netif);
      interfaces = ordered;
    },

    addAddress: (name, address) => changeAddress('add', name, address),
    removeAddress: (name, address) => changeAddress('del', name, address),

    async setFeatures(changed) {
      const withheld = changed.map(withheldByOsctl).find((reason) => reason !== undefined);
      if (withheld !== undefined) notChecked(withheld);
      const now = changed.includes('nesting');
      if (now !== features.includes('nesting')) await done('ct', now ? 'set' : 'unset', 'nesting', id);
      features = changed;
    },

    type: async () => notChecked("a console of osctl's is for a person's terminal"),

    async logs() {
      // told after a limit has passed, too
      const late = {signal: undefined, limit: 5, quiet: true};
      const journal = running ? await boot.journal((argv) => inside(argv, late)) : [];
      const said = await command(...osctl(['ct', 'log', 'cat', id], late)).catch(() => '');
      const logs = {lxc: said.split('\n').slice(-30), journal};
      return Object.fromEntries(Object.entries(logs).filter(([, lines]) => lines.join('') !== ''));
    },

    kill: async () => void (await command(...osctl(['ct', 'del', '-f', id], {signal: undefined}))),
  };

  try {
    await done('ct', 'import', '--as-id', id, source.archive);
    for (const netif of interfaces) await addInterface(netif);
    if (options.hostname !== undefined) await member.setHostname(options.hostname);
    if (options.resolvers !== undefined) await member.setResolvers(options.resolvers);
    await member.setFeatures(options.features ?? []);
    return member;
  } catch (error) {
    await member.kill().catch(unlessFailure); // it may not have come into being
    throw error;
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
