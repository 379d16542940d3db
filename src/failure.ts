/** What kind of failure it is decides the exit code of the command that met it. */
export type FailureKind = 'template' | 'usage' | 'machine' | 'interrupted' | 'unread';

/** The last two are what a shell gives for a program that SIGINT or SIGPIPE ended. */
const exitCodes: Record<FailureKind, number> = {
  template: 1,
  usage: 2,
  machine: 3,
  interrupted: 130,
  unread: 141,
};

export interface FailureDetails {
  readonly kind?: FailureKind;
  /** What to try next, as a sentence or a few lines. */
  readonly remedy?: string | undefined;
  /** Where the whole story is: a log file's path. */
  readonly log?: string | undefined;
  /** The line of the recipe that it is about: `/srv/recipes/devuan/index.ts:41`. */
  readonly recipe?: string | undefined;
  /** The last lines of what the failed program printed. */
  readonly lastLines?: readonly string[] | undefined;
  readonly cause?: unknown;
}

/** An error that a person can cause or meet. Thrown once with everything it needs, printed once at the edge. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly remedy: string | undefined;
  readonly log: string | undefined;
  readonly recipe: string | undefined;
  readonly lastLines: readonly string[];

  constructor(message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : {cause: details.cause});
    this.name = 'Failure';
    this.kind = details.kind ?? 'template';
    this.remedy = details.remedy;
    this.log = details.log;
    this.recipe = details.recipe;
    this.lastLines = details.lastLines ?? [];
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }

  /** The same failure, told with the place where it happened in front. */
  at(place: string, details: FailureDetails = {}): Failure {
    return new Failure(`${place}: ${this.message}`, {
      kind: details.kind ?? this.kind,
      remedy: details.remedy ?? this.remedy,
      log: details.log ?? this.log,
      recipe: details.recipe ?? this.recipe,
      lastLines: details.lastLines ?? this.lastLines,
      cause: this.cause ?? this,
    });
  }
}

/**
 * Any thrown value as a Failure. Ours stay as they are, the system's (no space, no permission) keep their message;
 * anything else is a mistake of this program and brings its stack.
 */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (!(error instanceof Error)) return new Failure(String(error), {cause: error});
  if ('syscall' in error) return new Failure(error.message, {cause: error});
  return new Failure(`a mistake in osctl-template: ${error.message}`, {
    cause: error,
    lastLines: (error.stack ?? '').split('\n').slice(1),
    remedy: 'Please report it, with these lines and the command you ran.',
  });
}
