import type {Layer} from '../../container/engine.ts';
import type {Feature} from '../../container/features.ts';
import {ownCommand} from '../../invocation.ts';
import type {ReleaseRecipe} from '../../recipe/distribution.ts';
import type {Generation} from '../../recipe/osctl.ts';
import {createMember} from '../member/emulated-member.ts';
import type {Member, MemberOptions, MemberOrder} from '../member/member.ts';
import type {TestNode} from '../node/node.ts';
import {type Probe, probeOf} from '../node/probe.ts';
import type {WaitOptions} from '../wait.ts';

/** What scenarios run on: a node that has the image, and what is around it. It ends when it is disposed of. */
export interface ScenarioNode extends AsyncDisposable {
  readonly recipe: ReleaseRecipe;
  /** Aborts with a Failure when it is not to be used any more: its holder was killed, or its lock removed. */
  readonly signal: AbortSignal;
  /** The generations of osctld that it can be. */
  readonly generations: readonly Generation[];
  /** Whether members take signed indexes whose validity has run out. */
  readonly acceptExpired: boolean;
  /** Layers with LXC and busybox for `nesting`, the topmost first; none where nobody brought them. */
  readonly nest: readonly Layer[];
  /** Whether it can be an older node as well, with cgroup v1's hierarchies. */
  readonly hybrid: boolean;
  /** Gives the numbers that members' addresses come from. */
  nextIndex(): number;
  /** Prepares a container for a member; it is stopped. */
  member(order: MemberOrder, options: MemberOptions): Promise<Member>;
  probe(wait: WaitOptions): Probe;
  /** Whether its kernel has a device. */
  has(device: string): Promise<boolean>;
  /** Why members cannot have a feature here; undefined when they can. */
  withholds(feature: Feature): string | undefined;
  /** Opens the way to the packages' mirrors: the environment that leads members there. */
  mirrors(): Promise<Readonly<Record<string, string>>>;
  /** Lets the containers of these roles run on when it ends. */
  keep(roles: readonly string[]): KeptContainers;
}

/** Containers that go on running after a test. */
export interface KeptContainers {
  /** The commands that give a shell in each. */
  readonly enter: readonly string[];
  /** The commands that end them. */
  readonly end: readonly string[];
}

/** Opens a device, as root of the node. */
export const deviceTest = ['sh', '-c', 'if [ -c "$0" ] && (exec 3<"$0") 2>/dev/null; then echo yes; fi'];

/** A node in an enclosure of this machine, where osctld is emulated. */
export function emulated(node: TestNode): ScenarioNode {
  const {recipe, acceptExpired, enclosure, nest, hybrid} = node;
  let stays = false;
  return {
    recipe,
    signal: enclosure.signal,
    generations: ['2018', 'today'],
    acceptExpired,
    nest,
    hybrid,
    nextIndex: () => node.nextIndex(),
    member: (order, options) => createMember({node, ...order}, options),
    probe: (wait) => probeOf(node.probe, wait),
    has: async (device) => (await enclosure.run([...deviceTest, device])).trim() === 'yes',
    withholds: () => undefined,
    mirrors: () => node.mirrors(),
    keep(roles) {
      stays = true;
      return {
        enter: roles.map((role) => ownCommand('ct', 'exec', '--role', role, enclosure.name)),
        end: [ownCommand('ct', 'del', enclosure.name)],
      };
    },
    async [Symbol.asyncDispose]() {
      if (!stays || enclosure.signal.aborted) await node[Symbol.asyncDispose]();
    },
  };
}
