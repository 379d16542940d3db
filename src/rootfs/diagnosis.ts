import {asFailure, Failure, type FailureDetails, type FailureKind} from '../failure.ts';
import {noSpaceRemedy, saysNoSpace} from '../host/no-space.ts';

/** What is known of the way a program fails. */
export interface Diagnostics {
  /** Lines in which it says that something is wrong, wherever in its output. */
  readonly complaints: readonly RegExp[];
  /** Lines that look like one and mean nothing. */
  readonly harmless?: RegExp;
  /** What its complaints mean. The first that fits names the failure, so signatures come before everything else. */
  readonly symptoms: readonly Symptom[];
}

/** What a program says when something is wrong, and what that means to a person. */
export interface Symptom {
  /** Tried on each of the program's complaints and last lines. */
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
  says: saysNoSpace,
  means: 'there is no space left for the tree',
  remedy: noSpaceRemedy,
  unreachable: false,
  kind: 'machine',
};

/**
 * Does something with a program whose lines go to `onLine` as they come. Where it fails, throws a Failure that says
 * what that means, by what the program complained of in its whole output; what nobody knows stays as it was.
 */
export async function diagnosed<T>(
  diagnostics: Diagnostics,
  work: (onLine: (line: string) => void) => Promise<T>,
): Promise<T> {
  const {onLine, failure} = observation(diagnostics);
  try {
    return await work(onLine);
  } catch (error) {
    throw failure(error);
  }
}

/** How many complaints of before the last lines a failure repeats, beside the one that names it. */
const repeated = 3;

/** Looks for symptoms in a program's lines; remembers one line for each, and the last complaints. */
export function observation({complaints, harmless, symptoms}: Diagnostics) {
  // a full disk makes everything else go wrong too, and is told by lines of any form: dpkg's, tar's, a script's
  const all = [fullDisk, ...symptoms];
  const seen = new Map<Symptom, string>();
  const recent: string[] = [];
  const remember = (line: string, known: readonly Symptom[]) => {
    for (const symptom of known) if (!seen.has(symptom) && symptom.says.test(line)) seen.set(symptom, line);
  };
  return {
    onLine(line: string): void {
      const complains = harmless?.test(line) !== true && complaints.some((says) => says.test(line));
      remember(line, complains ? all : [fullDisk]);
      if (!complains) return;
      recent.push(line);
      if (recent.length > repeated) recent.shift();
    },

    failure(error: unknown): Failure {
      const failure = asFailure(error);
      for (const line of failure.lastLines) remember(line, all);
      const symptom = all.find((each) => seen.has(each));
      if (symptom === undefined) return failure;
      const {means, remedy, unreachable, kind = 'template'} = symptom;
      const before = new Set([seen.get(symptom) ?? '', ...recent]);
      const earlier = [...before].filter((line) => !failure.lastLines.includes(line));
      const details: FailureDetails = {
        kind,
        remedy,
        lastLines: [...earlier, ...failure.lastLines],
        cause: error,
      };
      return unreachable ? new Unreachable(means, details) : new Failure(means, details);
    },
  };
}
