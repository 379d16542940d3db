import type {FileEntry, Rootfs} from './rootfs.ts';
import type {Step} from './step.ts';

/** osctl's generations: `2018` wrote templates, `today` writes container images. */
export type Generation = '2018' | 'today';

/** An address with its prefix length: `192.0.2.10/32`. */
export type Cidr = string;

/** How the host routes traffic to a container over a veth, for one IP version. */
export interface Route {
  /**
   * 2018: the interconnecting network, the host's and the container's address with their prefix length.
   * Today's routed interfaces have none.
   */
  readonly interconnect?: {readonly host: Cidr; readonly container: Cidr};
  /** The default gateway's address, without a prefix length. */
  readonly gateway: string;
  /** The member's addresses, in order; the first is the source of the default route. */
  readonly addresses: readonly Cidr[];
  /** Networks the node routes here beside them, whose addresses the member sets where it likes. */
  readonly networks?: readonly Cidr[];
}

/** A network interface as osctld configures it. */
export interface RoutedInterface {
  readonly name: string;
  readonly type: 'routed';
  readonly v4?: Route;
  readonly v6?: Route;
}

/** The addresses of a bridged interface that the member sets, for one IP version. */
export interface StaticAddresses {
  readonly addresses: readonly Cidr[];
  /** The default gateway, without a prefix length; none means no default route by this interface. */
  readonly gateway?: string;
}

/** A network interface on a bridge of the node's. */
export interface BridgedInterface {
  readonly name: string;
  readonly type: 'bridged';
  /** IPv4 addresses, gateway included, come from a DHCP server on the bridge; `v4` is then ignored. */
  readonly dhcp: boolean;
  readonly v4?: StaticAddresses;
  readonly v6?: StaticAddresses;
}

export type NetworkInterface = RoutedInterface | BridgedInterface;

/** Both sides of one way to configure the network: what the template brings, and what the host then writes. */
export interface NetworkBackend {
  readonly name: string;
  /** Steps of the integrate stage. */
  readonly prepare: readonly Step[];
  /** osctld's own test, as a list of what is missing; empty means usable. */
  readonly problems: (rootfs: Rootfs) => Promise<string[]>;
  /** The files osctld writes for these interfaces, given what the member has in the tree. */
  readonly configure: (
    rootfs: Rootfs,
    interfaces: readonly NetworkInterface[],
    generation: Generation,
  ) => Promise<FileEntry[]>;
  /** The files osctld removes when an interface of this name has gone; others are overwritten or stay. */
  readonly leftovers: (name: string) => readonly string[];
}

/** How osctld sets a hostname. */
export interface HostnameBackend {
  readonly name: string;
  /** Why osctld sets none in this distribution, neither in files nor by a command. */
  readonly unsupported?: string;
  /** What osctld needs and the tree lacks. */
  readonly problems: (rootfs: Rootfs) => Promise<string[]>;
  /** The files osctld writes, from the full hostname and what the member has in the tree. */
  readonly files: (hostname: string, rootfs: Rootfs) => FileEntry[] | Promise<FileEntry[]>;
  /** The command osctld runs in a started container. */
  readonly command: (hostname: string) => readonly string[];
}

/** What of osctld's support a distribution uses. */
export interface OsctlSupport {
  readonly hostname: HostnameBackend;
  readonly network: NetworkBackend;
  /**
   * A folder of script hooks that the image carries, for a distribution that osctld does not know: osctld then
   * writes nothing into its containers, and the hooks do.
   */
  readonly hooks?: URL;
}
