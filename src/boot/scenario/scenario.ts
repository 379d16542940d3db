import type {Layer} from '../../container/engine.ts';
import type {Feature} from '../../container/features.ts';
import type {ReleaseRecipe} from '../../recipe/distribution.ts';
import type {BridgedInterface, Generation, RoutedInterface} from '../../recipe/osctl.ts';
import type {Member, MemberOptions, RunningMember} from '../member/member.ts';
import type {BridgedOptions, RoutedOptions} from '../node/addresses.ts';
import type {Probe} from '../node/probe.ts';

/** What a scenario works with. */
export interface ScenarioTest {
  readonly recipe: ReleaseRecipe;
  /** The generations of osctld that the node can be. */
  readonly generations: readonly Generation[];
  /** A computer in the internet. */
  readonly probe: Probe;
  /** Prepares a container from the image, with addresses of its own; it is stopped. */
  member(options?: MemberOptions): Promise<Member>;
  /** The same, started and at the end of its boot. */
  boot(options?: MemberOptions): Promise<Member>;
  /** A container at the end of its boot for which nothing was ordered, for who changes nothing others would see. */
  shared(): Promise<RunningMember>;
  /** Describes a routed interface with addresses of its own. */
  routed(name: string, options?: RoutedOptions): RoutedInterface;
  /** The same for one on the node's bridge. */
  bridged(name: string, options?: BridgedOptions): BridgedInterface;
  /** Whether the node's kernel has a device, which a member's container can have only then. */
  nodeHas(device: string): Promise<boolean>;
  /** Root filesystem layers with LXC and busybox for a member's container, the topmost first; none where nobody brought them. */
  readonly nest: readonly Layer[];
  /** Whether the node can be an older one as well, with cgroup v1's hierarchies. */
  readonly hybrid: boolean;
  /** Why members cannot have a feature here; undefined when they can. */
  withholds(feature: Feature): string | undefined;
  /** Says what cannot be checked here. The scenario goes on: it can still fail, but not pass any more. */
  leaveOut(reason: string): void;
  /** Take signed indexes whose validity has run out. */
  readonly acceptExpired: boolean;
  /** Lets members reach the mirrors of their packages, and nothing else: the environment that leads there. */
  mirrors(): Promise<Readonly<Record<string, string>>>;
  /** Puts numbers into the report, by names that end in their units: `idleCpuPercent`. */
  measured(numbers: Readonly<Record<string, number>>): void;
  /** Is aborted when the scenario takes too long, or is interrupted. */
  readonly signal: AbortSignal;
  /** Asks a probe until it gives something else than false or undefined, at most `limit` seconds. */
  waitFor<T>(what: string, probe: () => Promise<T | undefined | false>, limit: number): Promise<T>;
}

/** One thing osctld or a member does with a container, and how one sees that it worked. */
export interface Scenario {
  /** As in reports and options; the name of its file. */
  readonly name: string;
  /** What is true when it passes. */
  readonly title: string;
  /** Seconds it may take on a busy machine: so that a container that hangs is told, not how fast one is. */
  readonly limit: number;
  /** Throws a Failure when something is wrong. */
  run(test: ScenarioTest): Promise<void>;
}

export function defineScenario(scenario: Scenario): Scenario {
  return scenario;
}

/** Thrown by a scenario that cannot say whether the template is right. */
export class Inconclusive extends Error {
  readonly outcome: 'not applicable' | 'not checked';

  constructor(outcome: Inconclusive['outcome'], reason: string) {
    super(reason);
    this.outcome = outcome;
  }
}

/** Ends a scenario that makes no sense for this template. */
export function notApplicable(reason: string): never {
  throw new Inconclusive('not applicable', reason);
}

/** Ends a scenario that would make sense, and cannot be checked here. */
export function notChecked(reason: string): never {
  throw new Inconclusive('not checked', reason);
}

/** Whether osctld does not know the distribution, and the image's script hooks do its work, once at every start. */
export function byHooks({recipe}: Pick<ScenarioTest, 'recipe'>): boolean {
  return recipe.osctl.hooks !== undefined;
}

/** Ends a scenario in which everything was right but what only osctld can do: where it runs hooks instead, that waits. */
export function unlessByHooks(test: Pick<ScenarioTest, 'recipe'>, what: string): void {
  if (byHooks(test))
    notApplicable(`${what} while it runs: script hooks do that at the next start, which works`);
}
