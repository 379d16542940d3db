import type {CommandOptions} from '../../src/host/command.ts';
import type {Builder} from '../../src/recipe/builder.ts';

/**
 * A mirror that looks like a distribution's to its tools: the real paths, formats and signatures, filled with Debian's
 * packages and signed by a key that is made with it. For tests, and for machines without internet access.
 */
export interface StandIn {
  /** The name of its folder in `stand-ins`, by which a person asks for it: `ubuntu`. */
  readonly name: string;
  /** The recipe that is built from it. */
  readonly distribution: string;
  /** The recipe's releases that it can have. */
  readonly releases: readonly string[];
  /** The tools that make it. */
  readonly builder: Builder;
  /** What is made once for several stand-ins; each is in the container's folder `/srv/parts/<name>`. */
  readonly parts?: readonly Part[];
  /** Files from outside of the repository that it is made of. */
  readonly data?: readonly string[];
  /** Where the recipe's mirrors are on the server: `{archive: '/ubuntu'}`. */
  readonly places: Readonly<Record<string, string>>;
  /** Fills `mirrorFolder` with what the server has of some releases, and `keysFolder` with the public keys. */
  readonly make: (tools: MakingTools, releases: readonly string[]) => Promise<void>;
}

/** Something that several stand-ins are made of, as packages that two distributions have in common. */
export interface Part {
  /** The name of its folder in `stand-ins/shared`. */
  readonly name: string;
  readonly builder: Builder;
  /** Fills `partFolder`. */
  readonly make: (tools: MakingTools) => Promise<void>;
}

/** The container in which a stand-in or a part is made; everything in it is gone afterwards but the named folders. */
export interface MakingTools {
  /** Runs a command as the container's root and gives its standard output. */
  run(command: readonly string[], options?: CommandOptions): Promise<string>;
  /** Writes a file of the container; its folder is made. */
  write(path: string, content: string | Uint8Array): Promise<void>;
  /**
   * Copies the contents of a folder of the repository into one of the container, as root's, with modes 0644 and 0755.
   * The folder must be one that the stand-in's hash covers: in its own folder, or in that of a shared module it imports.
   */
  copy(folder: URL, to: string): Promise<void>;
  /** Runs an executable script of the repository, which the hash must cover as well. */
  script(file: URL, argv: readonly string[], options?: CommandOptions): Promise<string>;
}

/** Folders of the container. */
export const mirrorFolder = '/srv/mirror';
export const keysFolder = '/srv/keys';
export const partFolder = '/srv/part';

/** Where the container has a part that a stand-in is made of. */
export const partIn = ({name}: Part): string => `/srv/parts/${name}`;

export function defineStandIn(standIn: StandIn): StandIn {
  return standIn;
}

export function definePart(part: Part): Part {
  return part;
}
