import {asFailure, Failure, type FailureDetails, type FailureKind} from '../failure.ts';

/** What a program says when something is wrong, and what that means to a person. */
export interface Symptom {
  /** Tried on the program's complaints and last lines. */
  readonly says: RegExp;
  readonly means: string;
  readonly remedy: string;
  /** Another mirror may have what this one has not; a wrong signature is never tried elsewhere. */
  readonly unreachable: boolean;
  /** Whose it is, the template's unless given. */
  readonly kind?: FailureKind;
}

/** A failure of one mirror, after which another can be tried. */
export class Unreachable extends Failure {
  override at(place: string, details?: FailureDetails): Unreachable {
    const placed = super.at(place, details);
    return new Unreachable(placed.message, placed);
  }
}

export const otherMirror = 'Try again later, or configure another mirror under `mirrors:`.';

/** What a wrong signature means, whoever finds it. */
export const notToBeTrusted =
  'Nothing of it was used. Check the mirror’s address; if it is right, the mirror is not to be trusted.';

export const fullDisk: Symptom = {
  says: /No space left on device|don't have enough free space|not enough free disk space/i,
  means: 'there is no space left for the tree',
  remedy: 'Free some space, run fewer builds at once (--jobs), or build on disk (--tree disk).',
  unreachable: false,
  kind: 'machine',
};

/**
 * What a failed program meant, told by the complaints it printed, wherever they were, and by its last lines. The
 * first symptom that fits names it, so signatures come before everything else; without one it is the failure itself.
 */
export function diagnose(
  error: unknown,
  symptoms: readonly Symptom[],
  complaints: readonly string[] = [],
): Failure {
  const failure = asFailure(error);
  const said = [...complaints, ...failure.lastLines].join('\n');
  const symptom = symptoms.find(({says}) => says.test(said));
  if (symptom === undefined) return failure;
  const {means, remedy, unreachable, kind = 'template'} = symptom;
  const earlier = complaints.filter((line) => !failure.lastLines.includes(line)).slice(-3);
  const details: FailureDetails = {
    kind,
    remedy,
    lastLines: [...earlier, ...failure.lastLines],
    cause: error,
  };
  return unreachable ? new Unreachable(means, details) : new Failure(means, details);
}
