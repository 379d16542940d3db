import type {ContainerCommandOptions, ContainerSpec, Stopped} from '../../container/engine.ts';
import type {Feature} from '../../container/features.ts';
import type {CommandResult} from '../../host/command.ts';
import type {Cidr, Generation, NetworkInterface} from '../../recipe/osctl.ts';
import type {Rootfs} from '../../recipe/rootfs.ts';
import type {InitSystem} from '../init/init-system.ts';
import type {WaitOptions} from '../wait.ts';

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
  run(command: readonly string[], options?: ContainerCommandOptions): Promise<string>;
  /** Runs a command in the running container whose exit code is an answer. */
  ask(command: readonly string[], options?: ContainerCommandOptions): Promise<CommandResult>;
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
