import type {Readable} from 'node:stream';
import type {CommandOptions, CommandResult} from '../host/command.ts';
import type {Feature} from './features.ts';

/** Where what a container writes is kept: memory, up to a size in bytes, or a folder on disk. */
export type Scratch =
  | {readonly medium: 'tmpfs'; readonly bytes: number}
  | {readonly medium: 'disk'; readonly folder?: string};

/** What a container may use at most. */
export interface Limits {
  /** Bytes. */
  readonly memory?: number | undefined;
  /** Processors; fractions are shares of one. */
  readonly cpus?: number | undefined;
  /** Processes and threads; 4096 unless given. */
  readonly processes?: number | undefined;
}

/** What a container is there for; a build's and a test's end with the process that made them. */
export type Purpose = 'build' | 'test' | 'instance';

export interface EnclosureSpec {
  /** Part of the names of everything in it: `debian-13`. */
  readonly title: string;
  readonly purpose: Purpose;
  readonly scratch: Scratch;
  /** `host` shares this machine's network, `own` is an empty network namespace that plays the node. */
  readonly network: 'host' | 'own';
  /** Stays when this process ends, until `ct del`. */
  readonly detached?: boolean;
  /**
   * The cgroup hierarchies that containers in a network of its own see: `v1` is this machine's own, where it has
   * them; v2 alone unless given.
   */
  readonly cgroups?: 'v1' | 'v2' | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/** A network interface of a container: a veth whose other end is in the enclosure's network. */
export interface Veth {
  /** Inside the container. */
  readonly name: string;
  /** The other end's name. */
  readonly peer: string;
}

/** A read-only root filesystem: a folder of this machine, or one that was unpacked in the enclosure. */
export type Layer = {readonly folder: string} | {readonly unpacked: string};

/** A folder of an enclosure's scratch. */
export interface SharedFolder {
  readonly name: string;
  /** Where the container sees it. */
  readonly path: string;
  /** The role of the container that it was made for; the container's own unless given. */
  readonly of?: string;
}

export interface ContainerSpec {
  /** Unique in its enclosure: `build`, `hostname`. */
  readonly role: string;
  /** Read-only root filesystems, the topmost first; what the container writes goes above them. */
  readonly layers: readonly Layer[];
  /** `none` for the enclosure's own network. */
  readonly veths: readonly Veth[] | 'none';
  readonly init: readonly string[];
  readonly hostname?: string;
  /** Folders of the enclosure's scratch that the container sees at `path`, owned by its root. */
  readonly folders?: readonly SharedFolder[];
  /** Root filesystems of two layers or more, the topmost first, that the container sees at `path`, read-only. */
  readonly trees?: readonly {readonly layers: readonly Layer[]; readonly path: string}[];
  /** `system` is what osctld gives a member's container, `tools` what a build needs. */
  readonly profile: 'system' | 'tools';
  readonly limits?: Limits;
  /** Variables of every command in it, whose values no list of processes on this machine shows. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** What asks init to halt, by its name in signal(7); LXC's own, SIGPWR, unless given. */
  readonly haltSignal?: string | undefined;
  /** What the member has switched on; nothing unless given. */
  readonly features?: readonly Feature[];
  /** Nothing is to run in it but commands: whatever is there when none is running any more is ended. */
  readonly exclusive?: boolean;
  /** Other cgroup hierarchies than its enclosure's: `v1` is this machine's own, where it has them. */
  readonly cgroups?: 'v1' | undefined;
}

/** How a command runs in a container. */
export interface ContainerCommandOptions extends CommandOptions {
  /** Lets what it starts run on when it has ended: servers. Otherwise that is ended with it, and logged. */
  readonly background?: boolean;
}

/** When the node can run something of its own while a container starts and stops, as lxc.container.conf(5) names it. */
export type HookStage =
  | 'pre-start'
  | 'veth-up'
  | 'pre-mount'
  | 'mount'
  | 'start-host'
  | 'stop'
  | 'veth-down'
  | 'post-stop';

/** What the node runs then: programs of the enclosure with their arguments. The mount ones run as the container's root. */
export interface StartHooks {
  readonly programs: Readonly<Record<HookStage, string>>;
  /** How many network interfaces the container has: each has its own veth-up. */
  readonly veths: number;
}

/** What of a container can change between two starts. */
export type ContainerChange = Partial<Pick<ContainerSpec, 'hostname' | 'veths' | 'features'>>;

/** How a container ended. */
export type Stopped = 'clean' | 'killed';

/** One container: it can be started and stopped many times, and keeps what was written in between. */
export interface Container extends StartedContainer {
  /** Changes it from the next start on. */
  configure(change: ContainerChange): Promise<void>;
}

/** A container as another process than its maker has it. */
export interface StartedContainer {
  readonly name: string;
  /** Starts its init. */
  start(hooks?: StartHooks): Promise<void>;
  /** The process id of its init on this machine. */
  initPid(): Promise<string>;
  /** Ends it at once, whatever it does. */
  kill(): Promise<void>;
  /** Asks init to halt and waits; `killed` when it did not within the limit (seconds). */
  stop(limit: number): Promise<Stopped>;
  running(): Promise<boolean>;
  /** Waits until the container has ended by itself, at most `limit` seconds. */
  ended(limit: number): Promise<boolean>;
  /** Runs a command inside and gives its standard output; throws when it fails. */
  run(command: readonly string[], options?: ContainerCommandOptions): Promise<string>;
  /** Runs a command inside whose exit code is an answer. */
  try(command: readonly string[], options?: ContainerCommandOptions): Promise<CommandResult>;
  /** Runs a command in the stopped container's tree: in the container, with an init that does nothing. */
  runStopped(command: readonly string[], options?: ContainerCommandOptions): Promise<string>;
  /** The same for a command whose exit code is an answer. */
  tryStopped(command: readonly string[], options?: ContainerCommandOptions): Promise<CommandResult>;
  /** Gives a person's terminal to a command inside; resolves to its exit code. */
  attach(command: readonly string[]): Promise<number>;
  /** Types a line on its console, and gives what that shows: once it matches, or after `limit` seconds. */
  type(line: string, shown: RegExp, limit: number): Promise<string>;
  /** The ends of LXC's log and of the console, by name. */
  logs(): Promise<Record<string, readonly string[]>>;
}

/**
 * Mount and network namespaces that hold containers and everything they need: when it is disposed of, or the
 * process that made it dies, its containers are killed and every mount, interface and temporary file is gone.
 */
export interface Enclosure extends AsyncDisposable {
  readonly name: string;
  /** Aborts with a Failure when what holds the namespaces has ended before its time: nothing more can run in them. */
  readonly signal: AbortSignal;
  /** Prepares a container; it is started by its own `start`. */
  container(spec: ContainerSpec): Promise<Container>;
  /** Unpacks a tar stream, in the containers' user namespace, into a new folder of the scratch. */
  unpack(name: string, input: Readable, options?: {readonly gzip?: boolean}): Promise<Layer>;
  /** The command line that runs a command of this machine inside the namespaces. */
  inside(command: readonly string[]): string[];
  /** Runs a command of this machine inside the namespaces. */
  run(command: readonly string[], options?: CommandOptions): Promise<string>;
}

/** What runs containers: LXC here; on a vpsAdminOS host it can be osctl. */
export interface Engine {
  open(spec: EnclosureSpec): Promise<Enclosure>;
  /** Whether containers can have cgroup v1's hierarchies. */
  offersCgroupsV1(): Promise<boolean>;
}

/** A person's shell in a container or a tree: bash where there is one. */
export const loginShell = ['sh', '-c', 'exec "$(command -v bash || echo sh)" -l'] as const;
