/** What kind of failure it is decides the exit code of the command that met it. */
export type FailureKind = 'template' | 'usage' | 'machine' | 'interrupted';

const exitCodes: Record<FailureKind, number> = {template: 1, usage: 2, machine: 3, interrupted: 130};

export interface FailureDetails {
  readonly kind?: FailureKind;
  /** What to try next, as a sentence or a few lines. */
  readonly remedy?: string | undefined;
  /** Where the whole story is: a log file's path. */
  readonly log?: string | undefined;
  /** The last lines of what the failed program printed. */
  readonly lastLines?: readonly string[] | undefined;
  readonly cause?: unknown;
}

/** An error that a person can cause or meet. Thrown once with everything it needs, printed once at the edge. */
export class Failure extends Error {
  readonly kind: FailureKind;
  readonly remedy: string | undefined;
  readonly log: string | undefined;
  readonly lastLines: readonly string[];

  constructor(message: string, details: FailureDetails = {}) {
    super(message, details.cause === undefined ? undefined : {cause: details.cause});
    this.name = 'Failure';
    this.kind = details.kind ?? 'template';
    this.remedy = details.remedy;
    this.log = details.log;
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
      lastLines: details.lastLines ?? this.lastLines,
      cause: this.cause ?? this,
    });
  }
}

/** Any thrown value as a Failure: ours stay as they are, others keep their message and stack as the cause. */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return new Failure(error instanceof Error ? error.message : String(error), {cause: error});
}
