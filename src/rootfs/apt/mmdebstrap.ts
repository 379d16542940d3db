import {Failure} from '../../failure.ts';
import {type Sources, type Step, type StepContext, step} from '../../recipe/step.ts';
import {diagnosed} from '../diagnosis.ts';
import {firstMirror, place} from '../mirrors.ts';
import {keyring, type OwnKeys} from '../openpgp.ts';
import {aptDiagnostics} from './failure.ts';

/** Where a release is, and who signs it. */
export interface AptArchive {
  readonly suite: string;
  /** The keys that may sign the indexes, unless others are configured, and no others. */
  readonly keyring: OwnKeys;
  /** The suites of updates beside the main one, where a mirror is known: `['-updates']`. */
  readonly pockets: Pockets;
  /** The recipe's names of the mirrors' places; `archive` and `security` unless given. */
  readonly places?: Places | undefined;
  /** What of the release is too old for the builder's apt, and is taken nevertheless. */
  readonly accept?: Dated;
}

export interface MmdebstrapOptions extends AptArchive {
  /** Packages beside the essential ones and apt. */
  readonly packages: readonly string[];
  /** `main` unless given. */
  readonly components?: readonly string[];
  /** What mmdebstrap's own hooks do for the release, by their names below /usr/share/mmdebstrap/hooks. */
  readonly hooks?: readonly string[];
  /** Seconds without an answer after which apt gives a mirror up; 20 unless given. */
  readonly timeout?: number;
}

/** Suites beside a release's main one. */
export interface Pockets {
  /** What they have more in their names than the main one, on the same mirror. */
  readonly archive: readonly string[];
  /** The whole name of the one with security fixes. */
  readonly security?: string;
}

/** Names of a recipe's places. */
export interface Places {
  readonly archive: string;
  readonly security: string;
}

export const usualPlaces: Places = {archive: 'archive', security: 'security'};

/** What an archive that nobody renews any more may be like. */
export interface Dated {
  /** Its Release files have expired. */
  readonly expired?: boolean;
  /** Its key vouches for itself by SHA-1, which apt's sqv(1) has refused since February 2026. */
  readonly sha1?: boolean;
}

/**
 * Bootstraps Debian or a derivative with mmdebstrap(1), which lets apt verify every index by the keyring and every
 * package by the index. Without mirrors in the configuration mmdebstrap's own defaults are used, security and
 * updates included; with several, the next is tried when one cannot be had, never when its signature is wrong.
 */
export function mmdebstrap(options: MmdebstrapOptions): Step {
  return step(`mmdebstrap ${options.suite}`, async (_rootfs, context) => {
    const sources = sourcesOf(options, context.sources);
    const trusted = await keyring(context, options.keyring);
    if (options.accept?.sha1) await place(context.container, ...sha1Policy);
    const mirrors = sources.archive.length === 0 ? [undefined] : sources.archive;
    await firstMirror(context, mirrors, async (mirror) => {
      const lines = mirror === undefined ? [] : sourceLines(options, mirror, securityBeside(mirror, sources));
      await diagnosed(aptDiagnostics, (onLine) =>
        bootstrap({...options, keyring: trusted}, context, lines, onLine),
      );
    });
  });
}

async function bootstrap(
  options: MmdebstrapOptions,
  context: StepContext,
  sources: readonly string[],
  watch: (line: string) => void,
): Promise<void> {
  const {container} = context;
  const {timeout = 20, hooks = [], accept} = options;
  const acceptExpired = context.acceptExpired || accept?.expired === true;
  const apt = [
    `Acquire::http::Timeout "${timeout}"`,
    `Acquire::https::Timeout "${timeout}"`,
    'Acquire::Retries "2"',
    ...(acceptExpired ? ['Acquire::Check-Valid-Until "false"'] : []),
  ];
  const argv = [
    'mmdebstrap',
    '--mode=root',
    '--variant=minbase',
    '--format=directory',
    '--verbose',
    // the builder's own apt trusts a folder of keys beside it, unless another, which is empty, stands in its place
    `--keyring=${options.keyring}`,
    `--keyring=${noKeys}`,
    // it would let mmdebstrap look for a keyring of the builder's that fits what the mirror serves
    '--skip=check/signed-by',
    ...apt.map((option) => `--aptopt=${option}`),
    ...hooks.map(hookOption),
    ...(options.packages.length === 0 ? [] : [`--include=${options.packages.join(',')}`]),
    options.suite,
    container.tree,
    ...sources,
  ];
  await container.run(['mkdir', '-p', noKeys]);
  const showProgress = progressOf(context);
  const onLine = (line: string) => {
    watch(line);
    showProgress(line);
  };
  await container.run(argv, {env: {SOURCE_DATE_EPOCH: String(context.epoch)}, onLine});
}

/** A folder without keys. */
const noKeys = '/srv/osctl-template-keys/none';

/** A folder of hooks, or one for after the packages have been extracted. */
function hookOption(name: string): string {
  const path = `/usr/share/mmdebstrap/hooks/${name}`;
  return name.includes('/') ? `--extract-hook=${path}` : `--hook-dir=${path}`;
}

/**
 * apt's policy for sqv(1) where an administrator's is, apt.conf(5): a key comes from a signed package or the
 * configuration, so it does not matter how strongly it vouches for itself.
 */
const sha1Policy = [
  '/etc/crypto-policies/back-ends/apt-sequoia.config',
  '[hash_algorithms]\nsha1.second_preimage_resistance = 2040-01-01\n',
] as const;

type Mirrors = Readonly<Record<keyof Places, readonly string[]>>;

/** The places that a release needs mirrors of together: a mirror of the archive says nothing of its security fixes'. */
export function aptPlaces({pockets, places = usualPlaces}: AptArchive): string[] {
  return pockets.security === undefined ? [places.archive] : [places.archive, places.security];
}

/** The mirrors of the archive and of its security fixes. */
function sourcesOf({places = usualPlaces}: AptArchive, sources: Sources): Mirrors {
  const {archive, security} = places;
  return {archive: sources[archive] ?? [], security: sources[security] ?? []};
}

/** The security mirror at the same place of its list as the archive's, or the first where that list is shorter. */
function securityBeside(mirror: string, {archive, security}: Mirrors): string | undefined {
  return security[archive.indexOf(mirror)] ?? security[0];
}

/** One-line sources, sources.list(5), for configured mirrors. */
function sourceLines(options: MmdebstrapOptions, mirror: string, security: string | undefined): string[] {
  const {suite, pockets, places = usualPlaces, components = ['main']} = options;
  const have = components.join(' ');
  if (pockets.security !== undefined && security === undefined) {
    throw new Failure(`a mirror of the archive is configured, but none of ${pockets.security}`, {
      kind: 'usage',
      remedy: `Add \`${places.security}:\` beside \`${places.archive}:\` under \`mirrors:\` in the configuration.`,
    });
  }
  return [
    ...['', ...pockets.archive].map((pocket) => `deb ${mirror} ${suite}${pocket} ${have}`),
    ...(pockets.security === undefined ? [] : [`deb ${security} ${pockets.security} ${have}`]),
  ];
}

/** Where mmdebstrap's phases begin, as shares of the whole time that were measured with the Debian template's packages. */
const phases: readonly {readonly says: string; readonly from: number}[] = [
  {says: 'running apt-get update', from: 0},
  {says: 'downloading packages', from: 0.1},
  {says: 'extracting archives', from: 0.14},
  {says: 'installing essential packages', from: 0.24},
  {says: 'installing remaining packages', from: 0.43},
  {says: 'cleaning package lists', from: 0.99},
];

/** Within a phase that installs, apt says how many packages there are, and dpkg unpacks and then sets up each. */
function progressOf(context: StepContext): (line: string) => void {
  let phase = 0;
  let packages = 0;
  let lines = 0;
  return (line) => {
    const begun = phases.findIndex(({says}) => line.startsWith(`I: ${says}`));
    const announced = /^\d+ upgraded, (\d+) newly installed/.exec(line);
    if (begun !== -1) [phase, packages, lines] = [begun, 0, 0];
    else if (announced !== null) packages = Number(announced[1]);
    else if (packages > 0 && /^(Unpacking|Setting up) /.test(line)) lines += 1;
    else return;
    const from = phases[phase]?.from ?? 0;
    const to = phases[phase + 1]?.from ?? 1;
    context.progress(from + (to - from) * (packages === 0 ? 0 : Math.min(1, lines / (2 * packages))));
  };
}
