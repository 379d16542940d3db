import type {CommandOptions} from '../../src/host/command.ts';
import type {Builder} from '../../src/recipe/builder.ts';

/**
 * A mirror that looks like a distribution's to its tools: the real paths, formats and signatures, filled with what
 * Debian has, signed by a key that was made with it. For tests and developers without the real one.
 */
export interface LookAlike {
  /** As a person asks for it: `ubuntu`. */
  readonly name: string;
  /** What it shares with other look-alikes of the same `make`, so that it is made once for all; its own unless given. */
  readonly mirror?: string;
  /** The recipe that is built from it. */
  readonly distribution: string;
  /** The tools that make it. */
  readonly builder: Builder;
  /** Where the recipe's places are on the server: `{archive: '/ubuntu'}`. */
  readonly places: Readonly<Record<string, string>>;
  /** Fills `mirrorFolder` with what the server has, and `keysFolder` with the public keys it is signed by. */
  readonly make: (tools: MirrorTools) => Promise<void>;
}

/** The container in which a look-alike is made; everything in it is gone afterwards but the two folders. */
export interface MirrorTools {
  /** Runs a command as the container's root and gives its standard output. */
  run(command: readonly string[], options?: CommandOptions): Promise<string>;
  /** Writes a file of the container; its folder is made. */
  write(path: string, content: string | Uint8Array): Promise<void>;
}

/** Folders of the container. */
export const mirrorFolder = '/srv/mirror';
export const keysFolder = '/srv/keys';

export function defineLookAlike(lookAlike: LookAlike): LookAlike {
  return lookAlike;
}
