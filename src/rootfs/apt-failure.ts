import {asFailure, Failure, type FailureKind} from '../failure.ts';

interface Symptom {
  /** What apt says (apt 2.2 to 3.1). */
  readonly says: RegExp;
  readonly means: string;
  readonly remedy: string;
  /** Another mirror may have what this one has not; a wrong signature is never tried elsewhere. */
  readonly unreachable: boolean;
  /** Whose it is, the template's unless given. */
  readonly kind?: FailureKind;
}

const otherMirror = 'Try again later, or configure another mirror under `mirrors:`.';

/** The first that fits names the failure, so signatures come before everything else. */
const symptoms: readonly Symptom[] = [
  {
    says: /NO_PUBKEY|BADSIG|EXPKEYSIG|REVKEYSIG|is not signed|Missing key|[Ss]ignatures? (were|was|couldn't)|Sub-process .*sqv? returned|OpenPGP signature verification failed/,
    means: 'the mirror’s index is not signed by the distribution’s key',
    remedy:
      'Nothing of it was used. Check the mirror’s address; if it is right, the mirror is not to be trusted.',
    unreachable: false,
  },
  {
    says: /does not have a Release file/,
    means: 'the mirror has not got this suite',
    remedy: 'Check the mirror’s address, or configure another mirror under `mirrors:`.',
    unreachable: true,
  },
  {
    says: /Release file for .* is (expired|not valid)/,
    means: 'the mirror’s index has expired, so the mirror is out of date',
    remedy: `${otherMirror} \`acceptExpired: true\` takes it as it is.`,
    unreachable: true,
  },
  {
    says: /Hash Sum mismatch|File has unexpected size|Unexpected end of file|Size mismatch|Error reading from server|Remote end closed connection|Undetermined Error/,
    means: 'a download does not match the signed index: truncated or replaced',
    remedy: otherMirror,
    unreachable: true,
  },
  {
    says: /Connection timed out|timed out|Connection failed/,
    means: 'the mirror does not answer in time',
    remedy: otherMirror,
    unreachable: true,
  },
  {
    says: /Could not connect|Unable to connect|Connection refused|Temporary failure resolving|Could not resolve|Network is unreachable/,
    means: 'the mirror cannot be reached',
    remedy: otherMirror,
    unreachable: true,
  },
  {
    says: /Unable to locate package|has no installation candidate/,
    means: 'the mirror has not got a package the recipe asks for',
    remedy: 'Check the package’s name in the recipe, and that the mirror is complete.',
    unreachable: false,
  },
  {
    says: /No space left on device|don't have enough free space/i,
    means: 'there is no space left for the tree',
    remedy: 'Free some space, run fewer builds at once (--jobs), or build on disk (--tree disk).',
    unreachable: false,
    kind: 'machine',
  },
];

/** A line of apt's that says what is wrong. */
export function isComplaint(line: string): boolean {
  return /^[EW]: /.test(line);
}

/**
 * What a failed apt meant, told by the complaints it printed, wherever they were, and by its last lines: after a
 * wrong hash it lists so many right ones that the complaint is not among those.
 */
export function aptFailure(
  error: unknown,
  complaints: readonly string[] = [],
): {readonly failure: Failure; readonly unreachable: boolean} {
  const failure = asFailure(error);
  const said = [...complaints, ...failure.lastLines].join('\n');
  const symptom = symptoms.find(({says}) => says.test(said));
  if (symptom === undefined) return {failure, unreachable: false};
  const {means, remedy, unreachable, kind = 'template'} = symptom;
  const earlier = complaints.filter((line) => !failure.lastLines.includes(line)).slice(-3);
  const lastLines = [...earlier, ...failure.lastLines];
  return {failure: new Failure(means, {kind, remedy, lastLines, cause: error}), unreachable};
}
