import type {Release} from './release.ts';
import type {Rootfs, RunOptions} from './rootfs.ts';
import type {Template} from './template.ts';

/** The build container as a bootstrap step sees it: the tools the builder lists, and an empty folder for the tree. */
export interface BuildContainer {
  /** Where the tree is inside the build container. */
  readonly tree: string;
  /** Runs a command in the build container, outside the tree, and gives its standard output. */
  run(command: readonly string[], options?: BuildRunOptions): Promise<string>;
}

export interface BuildRunOptions extends RunOptions {
  /** Keeps standard output out of the log: it is an answer, not a story. */
  readonly quiet?: boolean;
}

/** Where a distribution's packages come from: the recipe's names of places, with a list of mirrors each, best first. */
export type Sources = Readonly<Record<string, readonly string[]>>;

/** A public key, as the distribution's tools take it. */
export interface KeyFile {
  /** The file's name, which apk and others go by: `builder@example.org-5f3a.rsa.pub`. */
  readonly name: string;
  readonly content: Uint8Array;
}

export interface StepContext<R extends Release = Release> {
  readonly release: R;
  readonly template: Template;
  /** The build's serial, as in `20261123T153000Z`. */
  readonly serial: string;
  /** Unix seconds; nothing in the tree is younger, and what is computed from the time uses it. */
  readonly epoch: number;
  readonly container: BuildContainer;
  /** The mirrors of every place the recipe names: the configuration's, or else the recipe's own. */
  readonly sources: Sources;
  /** Keys from the configuration that sign what the mirrors serve; none means the distribution's own are trusted. */
  readonly keys: readonly KeyFile[];
  /** Take signed indexes whose validity has run out: old releases, and machines whose own apt is set so. */
  readonly acceptExpired: boolean;
  /** The recipe's folder as a file URL that ends with a slash. */
  readonly folder: URL;
  /** Tells how far the step is, from 0 to 1, where that is known. */
  progress(fraction: number): void;
  /** A line in the build's log. */
  log(line: string): void;
}

/** One thing done to a tree, with the name it has in the log and in errors. */
export interface Step<R extends Release = Release> {
  readonly name: string;
  /** Where a recipe made it, for errors: a stack as `Error` has it. */
  readonly made?: string | undefined;
  run(rootfs: Rootfs, context: StepContext<R>): Promise<void>;
}

/** A step from its name and what it does. */
export function step<R extends Release = Release>(name: string, run: Step<R>['run']): Step<R> {
  return {name, run, made: new Error().stack};
}
