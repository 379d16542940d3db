import type {Builder} from './builder.ts';
import type {OsctlSupport} from './osctl.ts';
import type {Rootfs} from './rootfs.ts';
import type {Step} from './step.ts';

/** One version of a distribution that we build. Recipes add fields of their own, which their steps then see. */
export interface Release {
  /** As in the template id: `13`, `testing`. */
  readonly version: string;
  readonly codename: string;
  /** The version in the id carries the day of the build: `testing-20261123`. */
  readonly dated?: boolean;
  /** Tags the release has unless the configuration gives others. */
  readonly tags?: readonly string[];
  /** The day support ends, `YYYY-MM-DD`. */
  readonly endOfLife?: string;
  /** The cgroup layout the release's init accepts, as vpsAdmin's `cgroup_version` names it. */
  readonly cgroups: 'any' | 'v1' | 'v2';
}

/** A package that is installed in a tree. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
}

/** A recipe: how a distribution's templates are made. */
export interface Distribution<R extends Release = Release> {
  /** As in the template id, the name of the recipe's folder, and the name osctld knows. */
  readonly name: string;
  /** As people write it: `Debian`. */
  readonly title: string;
  /** vpsAdmin's OS family. */
  readonly family: string;
  readonly builder: Builder;
  readonly releases: readonly R[];
  /** Variants that are built; `minimal` unless given. */
  readonly variants?: readonly string[];
  /** Makes a minimal root filesystem from verified sources in an empty folder. */
  readonly bootstrap: (context: {readonly release: NoInfer<R>}) => Step<NoInfer<R>>;
  readonly configure: readonly Step<NoInfer<R>>[];
  readonly osctl: OsctlSupport;
  /** Lists the packages of a tree, for the manifest. */
  readonly packages: (rootfs: Rootfs) => Promise<InstalledPackage[]>;
  /** Names of the places its packages come from, which the configuration can give mirrors of. */
  readonly mirrors?: readonly string[];
  /** Says where the packages of a tree come from, a source a line, for the manifest. */
  readonly sources: (rootfs: Rootfs) => Promise<string[]>;
  /** Files sealing removes or empties beyond what every template has: the package manager's caches. */
  readonly seal?: {readonly remove?: readonly string[]};
  /** The command the container starts with, `/sbin/init` unless given. */
  readonly init?: readonly string[];
}

/** Types a recipe; the releases' own fields reach its steps. */
export function defineDistribution<R extends Release>(distribution: Distribution<R>): Distribution<R> {
  return distribution;
}
