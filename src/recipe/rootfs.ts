/** A plain file to write into a tree; its parents are made when missing. */
export interface RegularFile {
  /** Absolute inside the tree: `/etc/hosts`. */
  readonly path: string;
  readonly content: string | Uint8Array;
  /** Permission bits, 0o644 unless given. */
  readonly mode?: number;
}

export interface SymbolicLink {
  readonly path: string;
  readonly target: string;
}

export interface Directory {
  readonly path: string;
  readonly directory: true;
  /** Permission bits, 0o755 unless given. */
  readonly mode?: number;
}

/** Something to put into a tree. Its owner is the tree's root. */
export type FileEntry = RegularFile | SymbolicLink | Directory;

export interface RunOptions {
  /** Standard input of the command; none unless given. */
  readonly input?: string | Uint8Array | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** Seconds after which the command is ended and the step fails. */
  readonly limit?: number | undefined;
  /** Called with every line the command prints while a template is built: for its progress, or what it complains of. */
  readonly onLine?: (line: string) => void;
}

/** What is at a path, after links: a file's content, or a folder. */
export type Found = {readonly content: string} | {readonly directory: true};

export interface WriteOptions {
  /** Leaves a file alone that its owner may not write to. */
  readonly keepReadOnly?: boolean;
}

/**
 * A root filesystem, whether it is being built, unpacked or booted. Every path is the tree's own: commands run
 * chrooted into it, files go in as a tar stream that the tree's own `tar` unpacks, and come out by its own `cat`,
 * so that a symlink in it leads nowhere but to itself.
 */
export interface Rootfs {
  /** Runs a command in the tree as its root and gives its standard output; throws a Failure with its last lines. */
  run(command: readonly string[], options?: RunOptions): Promise<string>;
  /** Whether a command succeeds; its output goes to the log. */
  succeeds(command: readonly string[], options?: RunOptions): Promise<boolean>;
  /** A file's content, undefined when there is none. */
  read(path: string): Promise<string | undefined>;
  /** What is at each of these paths, in one command: undefined where nothing is. */
  look(...paths: readonly string[]): Promise<readonly (Found | undefined)[]>;
  write(entries: Iterable<FileEntry>, options?: WriteOptions): Promise<void>;
  /** Removes files and whole folders; ones that are not there are no error. A trailing `/*` empties a folder. */
  remove(...paths: readonly string[]): Promise<void>;
}
