import {Failure} from '../../failure.ts';
import type {CheckedMirror} from '../../recipe/distribution.ts';
import {type Step, type StepContext, step} from '../../recipe/step.ts';
import {diagnosed, Unreachable} from '../diagnosis.ts';
import {firstMirror, place, trimmed} from '../mirrors.ts';
import {systemMounts} from '../system-mounts.ts';
import {pacmanDiagnostics} from './failure.ts';
import {gpgDir, makeKeyring, type PacmanKeys, populate} from './keyring.ts';
import {localPackages} from './tree.ts';

export interface PacmanOptions {
  /** The repositories, the first asked first: `['core', 'extra']`. */
  readonly repositories: readonly string[];
  readonly packages: readonly string[];
  readonly keys: PacmanKeys;
}

const config = '/srv/pacman/pacman.conf';
const cache = '/srv/pacman/cache';
/** In another locale pacman stops silently at a package's first file with a name that is not ASCII. */
const english = {LC_ALL: 'C.UTF-8'};
/** The root in which nothing is but the keyring's package. */
const keyringRoot = '/srv/pacman/keyring';

/**
 * Bootstraps with pacman(8), which lets every package be verified by its own signature: databases are not signed,
 * so nothing in them is believed that a package does not say. The keys are the builder's, or the configured ones,
 * and then also those of the mirror's own keyring package. With several mirrors the next is tried when one cannot be
 * had, never when a signature is wrong.
 */
export function pacman(options: PacmanOptions): Step {
  return step('pacman', async (_rootfs, context) => {
    const {container, sources} = context;
    const {archive = []} = sources;
    await makeKeyring(context, options.keys);
    await firstMirror(context, archive, async (mirror) => {
      await refreshKeyring(context, options, mirror);
      const install = pacmanCommand(container.tree, ['-Sy', ...options.packages]);
      const inMounts = ['unshare', '--mount', 'sh', '-c', mounted, container.tree, ...install];
      const showProgress = progressOf(context);
      let failed = 0;
      await runPacman(context, inMounts, (line) => {
        if (line.includes('command failed to execute correctly')) failed += 1;
        showProgress(line);
      });
      // the same packages are the same bytes, whenever they were installed
      const dates = ['sed', '-i', `/^%INSTALLDATE%$/{n;s/.*/${context.epoch}/}`, '{}', '+'];
      await container.run([
        'find',
        `${container.tree}/var/lib/pacman/local`,
        '-name',
        'desc',
        '-exec',
        ...dates,
      ]);
      if (failed > 0) context.log(`${failed} scripts or hooks of packages failed, see above`);
    });
  });
}

/** Asks a mirror for the keyring's package, and verifies it as a build does. */
export async function checkPacmanMirror(
  context: StepContext,
  url: string,
  options: PacmanOptions,
): Promise<CheckedMirror> {
  await makeKeyring(context, options.keys);
  const {name, version, built} = await refreshKeyring(context, options, url);
  const by = context.keys.length > 0 ? 'the configured keys' : `the builder’s ${options.keys.package}`;
  return {verified: `${name} ${version}, by ${by}`, ...(built === undefined ? {} : {made: built})};
}

/**
 * Takes the keys of the mirror's own keyring package, verified by those already there: a packager who came after
 * the builder's keyring is known only by it.
 */
async function refreshKeyring(
  context: Pick<StepContext, 'container' | 'log'>,
  {repositories, keys}: PacmanOptions,
  mirror: string,
): Promise<ReturnType<typeof localPackages>[number]> {
  const {container} = context;
  await place(container, config, configuration(repositories, mirror));
  // half a file of another mirror would be continued
  await container.run(['rm', '-rf', keyringRoot, cache]);
  await container.run(['mkdir', '-p', `${keyringRoot}/var/lib/pacman`, cache]);
  const alone = ['-Sydd', '--noscriptlet', '--hookdir', '/nonexistent', keys.package];
  await runPacman(context, pacmanCommand(keyringRoot, alone));
  await populate({container}, `${keyringRoot}/usr/share/pacman/keyrings`, keys.name);
  const desc = ['sh', '-c', 'cat "$0"/var/lib/pacman/local/*/desc', keyringRoot];
  const [installed] = localPackages(await container.run(desc, {quiet: true}));
  if (installed === undefined) throw new Failure(`pacman did not install ${keys.package}`);
  return installed;
}

/**
 * Runs pacman. It gives a mirror up after ten seconds of silence and tries nothing again, so
 * it is run once more after what may pass; what it has downloaded by then stays.
 */
async function runPacman(
  {container, log}: Pick<StepContext, 'container' | 'log'>,
  command: readonly string[],
  onLine: (line: string) => void = () => undefined,
): Promise<void> {
  const attempt = async () => {
    await diagnosed(pacmanDiagnostics, (watch) => {
      const both = (line: string) => {
        watch(line);
        onLine(line);
      };
      return container.run(command, {onLine: both, env: english});
    });
  };
  try {
    await attempt();
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    log(`${error.message}; trying once more`);
    await attempt();
  }
}

function pacmanCommand(root: string, rest: readonly string[]): string[] {
  return ['pacman', '--config', config, '--root', root, '--noconfirm', '--noprogressbar', ...rest];
}

/**
 * pacman.conf(5) of the build: every package must be signed by a trusted key. Free space is the build's own matter,
 * and downloads are enclosed by the container already.
 */
function configuration(repositories: readonly string[], mirror: string): string {
  const server = `Server = ${trimmed(mirror)}/$repo/os/$arch`;
  return [
    '[options]',
    'Architecture = x86_64',
    `GPGDir = ${gpgDir}`,
    `CacheDir = ${cache}/`,
    'ParallelDownloads = 5',
    'DisableSandbox',
    'SigLevel = Required DatabaseOptional TrustedOnly',
    ...repositories.flatMap((name) => [`[${name}]`, server]),
    '',
  ].join('\n');
}

/** Packages' scripts run chrooted and expect devices and processes; the mounts are pacman's own and end with it. */
const mounted = `
set -e
cd "$0"
mkdir -p var/lib/pacman var/log
mkdir -p -m 0755 dev run && mkdir -p -m 0555 proc sys && mkdir -p -m 1777 tmp
${systemMounts}
mount -t tmpfs -o mode=755 run run && mount -t tmpfs -o mode=1777 tmp tmp
cd / && exec "$@"
`;

/** pacman says how many packages there are, and names each when it is downloaded and when it is installed. */
function progressOf({progress}: Pick<StepContext, 'progress'>): (line: string) => void {
  let packages = 0;
  let lines = 0;
  return (line) => {
    const announced = /^Packages? \((\d+)\)/.exec(line);
    if (announced !== null) [packages, lines] = [Number(announced[1]), 0];
    else if (packages > 0 && /^(installing .*\.\.\.| \S+ downloading\.\.\.)$/.test(line)) {
      lines += 1;
      progress(Math.min(1, lines / (2 * packages)));
    }
  };
}
