import {Failure} from '../failure.ts';
import type {Builder} from './builder.ts';
import type {ContainerSettings} from './container-settings.ts';
import type {OsctlSupport} from './osctl.ts';
import type {Release} from './release.ts';
import type {Rootfs} from './rootfs.ts';
import type {Sources, Step, StepContext} from './step.ts';
import type {TemplateName} from './template.ts';
import {newestFirst} from './version-order.ts';

/** A package that is installed in a tree. */
export interface InstalledPackage {
  readonly name: string;
  readonly version: string;
  readonly arch: string;
}

/** How a member installs and removes a package: a small one that the template does not have. */
export interface PackageTrial {
  readonly name: string;
  /** The commands that install it, one after the other. */
  readonly install: readonly (readonly string[])[];
  readonly remove: readonly string[];
  /** A command that is there as long as the package is. */
  readonly brings: string;
}

export interface TrialContext<R extends Release = Release> {
  readonly release: R;
  /** Take signed indexes whose validity has run out. */
  readonly acceptExpired: boolean;
  /** The mirrors of every place: what the template's own files of repositories name may be others. */
  readonly mirrors: Sources;
}

/** One mirror of one of a distribution's places. */
export interface MirrorPlace {
  /** As the recipe calls it: `archive`. */
  readonly name: string;
  readonly url: string;
}

/** A mirror that is what the recipe expects. */
export interface CheckedMirror {
  /** What was verified, and by what: `InRelease of trixie, by debian-archive-keyring`. */
  readonly verified: string;
  /** When what was verified was made, where it says so. */
  readonly made?: Date;
}

/** What is the same for all releases, or differs by release. */
export type PerRelease<R extends Release, T> = T | ((context: {readonly release: R}) => T);

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
  /**
   * Tags that follow from the order of the releases' versions, legacy ones aside: those of the newest, and of the one before
   * it. They move on by themselves when a release is added; a release's own `tags` come with them.
   */
  readonly tags?: {readonly newest?: readonly string[]; readonly previous?: readonly string[]};
  /** Variants that are built; `minimal` unless given. */
  readonly variants?: readonly string[];
  /** Makes a minimal root filesystem from verified sources in an empty folder. */
  readonly bootstrap: (context: {readonly release: NoInfer<R>}) => Step<NoInfer<R>>;
  readonly configure: PerRelease<NoInfer<R>, readonly Step<NoInfer<R>>[]>;
  readonly osctl: PerRelease<NoInfer<R>, OsctlSupport>;
  /** Lists the packages of a tree, for the manifest. */
  readonly listPackages: (rootfs: Rootfs) => Promise<InstalledPackage[]>;
  /** A package that the boot tests install and remove as a member would; without it they do not check that. */
  readonly trial?: (context: TrialContext<NoInfer<R>>) => PackageTrial | undefined;
  /**
   * The places its packages come from, by name, with the distribution's own mirrors, best first; the configuration
   * can give others. An empty list leaves it to the tool that bootstraps.
   */
  readonly mirrors?: Sources;
  /** The places of which a release needs mirrors of all or of none: a configuration that gives less is refused. */
  readonly mirrorsTogether?: (context: {readonly release: NoInfer<R>}) => readonly string[];
  /**
   * Asks a mirror for the first thing a build needs of it, and verifies that as a build would; undefined when the
   * release takes nothing from this place.
   */
  readonly checkMirror?: (
    context: StepContext<NoInfer<R>>,
    place: MirrorPlace,
  ) => Promise<CheckedMirror | undefined>;
  /** Says where the packages of a tree come from, a source a line, for the manifest. */
  readonly listSources: (rootfs: Rootfs) => Promise<string[]>;
  /** Files sealing removes or empties beyond what every template has: the package manager's caches. */
  readonly seal?: {readonly remove?: readonly string[]};
  /** The time zone of its clock, as the IANA database names it: `Europe/Prague`; `UTC` unless given. */
  readonly timeZone?: string;
  /** The command the container starts with, `/sbin/init` unless given. */
  readonly init?: readonly string[];
  /** What the image of a template says about its containers, where there is anything to say. */
  readonly container?: (template: TemplateName) => ContainerSettings;
  /** What a node sends init to halt, by its name in signal(7): `SIGRTMIN+4`; `SIGPWR` unless given. */
  readonly haltSignal?: string;
}

/** A distribution with the folder that describes it. */
export interface Recipe {
  readonly distribution: Distribution;
  /** A file URL that ends with a slash. */
  readonly folder: URL;
}

/** A recipe for one release: what may differ by release is settled. */
export interface ReleaseRecipe
  extends Omit<Distribution, 'bootstrap' | 'configure' | 'mirrors' | 'osctl' | 'trial'> {
  readonly release: Release;
  readonly mirrors: Sources;
  readonly bootstrap: Step;
  readonly configure: readonly Step[];
  readonly osctl: OsctlSupport;
  readonly trial: (acceptExpired: boolean) => PackageTrial | undefined;
}

/**
 * Settles a recipe for a release, by its version, and with the configuration's mirrors in the place of its own; throws
 * a Failure of kind `usage` when it has none such.
 */
export function forRelease(
  distribution: Distribution,
  version: string,
  sources: Sources = {},
): ReleaseRecipe {
  const release = distribution.releases.find((each) => each.version === version);
  if (release === undefined)
    throw new Failure(`${distribution.name} has no release ${version}`, {kind: 'usage'});
  const {bootstrap, configure, osctl, trial} = distribution;
  const mirrors = {...distribution.mirrors, ...sources};
  return {
    ...distribution,
    release,
    mirrors,
    bootstrap: bootstrap({release}),
    configure: typeof configure === 'function' ? configure({release}) : configure,
    osctl: typeof osctl === 'function' ? osctl({release}) : osctl,
    trial: (acceptExpired) => trial?.({release, acceptExpired, mirrors}),
  };
}

type TaggedRelease = Pick<Release, 'version' | 'tags' | 'legacy'>;

/** The tags of a release: its own, and those that it has as the newest or the one before. */
export function tagsOf(
  {releases, tags = {}}: Pick<Distribution, 'tags'> & {readonly releases: readonly TaggedRelease[]},
  version: string,
): string[] {
  const [newest, previous] = newestFirst(releases.filter(({legacy}) => legacy !== true));
  const own = releases.find((release) => release.version === version)?.tags ?? [];
  return [
    ...(newest?.version === version ? (tags.newest ?? []) : []),
    ...(previous?.version === version ? (tags.previous ?? []) : []),
    ...own,
  ];
}

/** Types a recipe; the releases' own fields reach its steps. */
export function defineDistribution<R extends Release>(distribution: Distribution<R>): Distribution<R> {
  return distribution;
}
