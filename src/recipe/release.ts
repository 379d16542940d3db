/** How a release's version in the id carries the day of the build. */
export type Dated = boolean | 'alone';

/** One version of a distribution that we build. Recipes add fields of their own, which their steps then see. */
export interface Release {
  /** As in the template id: `13`, `testing`. */
  readonly version: string;
  readonly codename: string;
  /** The version in the id carries the day of the build: `testing-20261123`; `alone` when it is nothing else: `20261123`. */
  readonly dated?: Dated;
  /** Tags the release has unless the configuration gives others. */
  readonly tags?: readonly string[];
  /** The day support ends, `YYYY-MM-DD`. */
  readonly endOfLife?: string;
  /** Ended long ago and kept for those who need it: built by its name only, no part of `all` unless it is listed. */
  readonly legacy?: boolean;
  /** The cgroup layout the release's init accepts, as vpsAdmin's `cgroup_version` names it. */
  readonly cgroups: 'any' | 'v1' | 'v2';
}
