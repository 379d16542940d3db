import {Failure} from '../failure.ts';
import {type Sources, type Step, type StepContext, step} from '../recipe/step.ts';
import {aptFailure, isComplaint} from './apt-failure.ts';
import {firstMirror} from './mirrors.ts';

export interface MmdebstrapOptions {
  readonly suite: string;
  /** The keys that may sign the indexes: a file or folder of the builder's. */
  readonly keyring: string;
  /** Packages beside the essential ones and apt. */
  readonly packages: readonly string[];
  /** The suites of updates beside the main one, for a configured mirror: `['-updates']`. */
  readonly pockets: {readonly archive: readonly string[]; readonly security?: string};
  /** Seconds without an answer after which apt gives a mirror up; 20 unless given. */
  readonly timeout?: number;
}

/**
 * Bootstraps Debian or a derivative with mmdebstrap(1), which lets apt verify every index by the keyring and every
 * package by the index. Without mirrors in the configuration mmdebstrap's own defaults are used, security and
 * updates included; with several, the next is tried when one cannot be had, never when its signature is wrong.
 */
export function mmdebstrap(options: MmdebstrapOptions): Step {
  return step(`mmdebstrap ${options.suite}`, async (_rootfs, context) => {
    const {archive = []} = context.sources;
    await firstMirror(context, archive.length === 0 ? [undefined] : archive, async (mirror) => {
      const complaints: string[] = [];
      try {
        await bootstrap(options, context, mirror, (line) => complaints.push(line));
      } catch (error) {
        throw aptFailure(error, complaints);
      }
    });
  });
}

async function bootstrap(
  options: MmdebstrapOptions,
  context: StepContext,
  mirror: string | undefined,
  onComplaint: (line: string) => void,
): Promise<void> {
  const {container, acceptExpired} = context;
  const {timeout = 20} = options;
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
    `--keyring=${options.keyring}`,
    ...apt.map((option) => `--aptopt=${option}`),
    `--include=${options.packages.join(',')}`,
    options.suite,
    container.tree,
    ...(mirror === undefined ? [] : sourceLines(options, mirror, securityBeside(mirror, context.sources))),
  ];
  const showProgress = progressOf(context);
  const onLine = (line: string) => {
    if (isComplaint(line)) onComplaint(line);
    showProgress(line);
  };
  await container.run(argv, {env: {SOURCE_DATE_EPOCH: String(context.epoch)}, onLine});
}

/** The security mirror at the same place of its list as the archive's, or the first where that list is shorter. */
function securityBeside(mirror: string, {archive = [], security = []}: Sources): string | undefined {
  return security[archive.indexOf(mirror)] ?? security[0];
}

/** One-line sources, sources.list(5), for configured mirrors. */
function sourceLines(options: MmdebstrapOptions, mirror: string, security: string | undefined): string[] {
  const {suite, pockets} = options;
  if (pockets.security !== undefined && security === undefined) {
    throw new Failure(`a mirror of the archive is configured, but none of ${pockets.security}`, {
      kind: 'usage',
      remedy: 'Add `security:` beside `archive:` under `mirrors:` in the configuration.',
    });
  }
  return [
    ...['', ...pockets.archive].map((pocket) => `deb ${mirror} ${suite}${pocket} main`),
    ...(pockets.security === undefined ? [] : [`deb ${security} ${pockets.security} main`]),
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
