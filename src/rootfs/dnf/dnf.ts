import {basename} from 'node:path';
import type {CheckedMirror, MirrorPlace} from '../../recipe/distribution.ts';
import type {Release} from '../../recipe/release.ts';
import {type Step, type StepContext, step} from '../../recipe/step.ts';
import {diagnosed} from '../diagnosis.ts';
import {download} from '../download.ts';
import {firstMirror, place, trimmed} from '../mirrors.ts';
import {systemMounts} from '../system-mounts.ts';
import {dnfDiagnostics} from './failure.ts';

export interface DnfOptions {
  /** The recipe's place that has the repositories. */
  readonly place: string;
  /** Paths of the repositories below a mirror's address, by their id. */
  readonly repositories: Readonly<Record<string, string>>;
  /** `$releasever`, as dnf replaces it. */
  readonly releasever: string;
  /** The distribution's keys: files of the builder's. Configured keys replace them. */
  readonly keys: readonly string[];
  /** Names, or paths of files that packages bring: `/usr/bin/passwd`. */
  readonly packages: readonly string[];
  /** Where the distribution's rpm looks for its database; `/usr/lib/sysimage/rpm` unless given. */
  readonly rpmdb?: string;
  /** The distribution signs `repomd.xml` too. */
  readonly signedIndex?: boolean;
  /**
   * The keys are bound to their names by SHA-1 signatures, for which rpm otherwise refuses them: releases that ended
   * long ago. Packages that are signed by means of SHA-1 are refused all the same.
   */
  readonly acceptSha1?: boolean;
  /** Seconds without an answer after which a mirror is given up; 20 unless given. */
  readonly timeout?: number;
}

/** Folders and files of the build container. */
const folder = '/srv/osctl-template-dnf';
const configuration = `${folder}/dnf.conf`;
const policy = `${folder}/openpgp-policy.toml`;

/**
 * Installs packages into an empty tree with dnf(8), which refuses any that is not signed by one of the keys, and so
 * does rpm(8) after it. With several mirrors the next is tried when one cannot be had, never when a signature is wrong.
 * Groups are not offered: what they consist of stands in an index that most distributions do not sign.
 */
export function dnf(options: DnfOptions): Step {
  return step(`dnf ${options.releasever}`, async (_rootfs, context) => {
    await firstMirror(context, context.sources[options.place] ?? [], async (mirror) => {
      await writeConfiguration(options, context, mirror);
      await diagnosed(dnfDiagnostics, (onLine) => install(options, context, onLine));
    });
  });
}

/**
 * Asks a mirror for the package `probe` of the first repository and verifies its signature, as an installation
 * would before anything else.
 */
export async function checkDnfMirror<R extends Release>(
  options: DnfOptions & {readonly probe: string},
  context: StepContext<R>,
  {url}: MirrorPlace,
): Promise<CheckedMirror> {
  const {container} = context;
  const [[id, path] = ['', '']] = Object.entries(options.repositories);
  const env = environment(options, context);
  const run = (argv: readonly string[]) =>
    diagnosed(dnfDiagnostics, (onLine) => container.run(argv, {env, onLine}));
  const keys = await writeConfiguration(options, context, url);
  const index = `${folder}/repomd.xml`;
  await download(context, {url: `${trimmed(url)}/${path}/repodata/repomd.xml`, to: index});
  const repoquery = ['repoquery', '--quiet', `--repo=${id}`, '--location', '--latest-limit=1', options.probe];
  const answer = await run([...dnfCommand(options, `${folder}/nothing`), ...repoquery]);
  const address = answer.trim().split('\n').at(-1) ?? '';
  const file = `${folder}/${basename(address)}`;
  await download(context, {url: address, to: file});
  const script =
    'rm -rf "$1" && rpmkeys --dbpath "$1" --import $2 && rpmkeys --dbpath "$1" --checksig -v "$0"';
  await run(['sh', '-ec', script, file, `${folder}/rpmdb`, keys.join(' ')]);
  const metadata = await container.run(['cat', index], {quiet: true});
  const revision = /<revision>(\d+)<\/revision>/.exec(metadata)?.[1];
  const verified = `${basename(address)}, by ${keys.map((key) => basename(key)).join(' or ')}`;
  return revision === undefined ? {verified} : {verified, made: new Date(Number(revision) * 1000)};
}

/** What dnf(8) and rpm(8) are to do, in the build container; gives the keys' files. */
async function writeConfiguration<R extends Release>(
  options: DnfOptions,
  context: StepContext<R>,
  mirror: string,
): Promise<string[]> {
  const {container, keys: configured} = context;
  const {keys = [], timeout = 20, rpmdb = '/usr/lib/sysimage/rpm'} = options;
  const own = configured.map(({name}) => `${folder}/keys/${name}`);
  for (const [index, {content}] of configured.entries()) await place(container, own[index] ?? '', content);
  await place(container, policy, sha1Policy);
  const trusted = own.length > 0 ? await usable(own, options, context) : [...keys];
  const repositories = Object.entries(options.repositories).map(
    ([id, path]) => `
[${id}]
name=${id}
baseurl=${trimmed(mirror)}/${path}
gpgkey=${trusted.map((key) => `file://${key}`).join(' ')}
repo_gpgcheck=${options.signedIndex === true ? 1 : 0}
`,
  );
  await place(container, configuration, `${mainSection(timeout)}${repositories.join('')}`);
  await place(container, '/etc/rpm/macros.osctl-template', macros(rpmdb));
  return trusted;
}

/**
 * Of the configured keys, those that rpm takes for the release: dnf gives up at the first that it does not, and one that
 * is there for an old release may be too weak for another. All of them where rpm takes none, so that dnf says why.
 */
async function usable<R extends Release>(
  files: readonly string[],
  options: DnfOptions,
  context: StepContext<R>,
): Promise<string[]> {
  const script =
    'for key; do rm -rf "$0"; rpmkeys --dbpath "$0" --import "$key" >/dev/null 2>&1 && echo "$key"; done; :';
  const taken = await context.container.run(['sh', '-c', script, `${folder}/one-key`, ...files], {
    env: environment(options, context),
    quiet: true,
  });
  const lines = taken.split('\n').filter((line) => line !== '');
  return lines.length > 0 ? lines : [...files];
}

/** dnf.conf(5). Paths are the tree's. */
const mainSection = (timeout: number) => `[main]
reposdir=/nonexistent
pluginpath=/nonexistent
plugins=0
gpgcheck=1
install_weak_deps=0
best=1
skip_if_unavailable=0
keepcache=0
cachedir=/var/cache/dnf
timeout=${timeout}
minrate=1
retries=2
`;

/** What rpm does while it installs from outside: it is the builder's, with the distribution's database. */
const macros = (rpmdb: string) => `%_dbpath ${rpmdb}
%_netsharedpath /dev:/proc:/sys
%_install_langs C:en:en_US:en_US.UTF-8
%_pkgverify_level all
`;

/** For the OpenPGP implementation of Debian's rpm. */
const sha1Policy = `[hash_algorithms]
sha1.second_preimage_resistance = "always"
`;

function dnfCommand({releasever}: DnfOptions, tree: string): string[] {
  return [
    'dnf',
    `--config=${configuration}`,
    '--assumeyes',
    `--installroot=${tree}`,
    `--releasever=${releasever}`,
  ];
}

function environment<R extends Release>({acceptSha1 = false}: DnfOptions, {epoch}: StepContext<R>) {
  return {
    LC_ALL: 'C.UTF-8',
    SOURCE_DATE_EPOCH: String(epoch),
    ...(acceptSha1 ? {SEQUOIA_CRYPTO_POLICY: policy} : {}),
  };
}

/** Packages' scripts run in the tree, and expect devices and processes. */
const mounted = `
cd "$0" && mkdir -p dev proc sys &&
${systemMounts} && cd / && exec "$@"
`;

async function install(
  options: DnfOptions,
  context: StepContext,
  watch: (line: string) => void,
): Promise<void> {
  const {tree, run} = context.container;
  const command = [...dnfCommand(options, tree), 'install', ...options.packages];
  const showProgress = progressOf(context);
  await run(['unshare', '--mount', 'sh', '-c', mounted, tree, ...command], {
    env: environment(options, context),
    onLine: (line) => {
      watch(line);
      showProgress(line);
    },
  });
  // dnf's history speaks of this container; without one, every package counts as installed by the member
  await run(['rm', '-rf', `${tree}/var/cache/dnf`, `${tree}/var/lib/dnf`]);
}

/** Downloads are counted in front of a line, `(3/120): …`, and installations behind it: `Installing : … 3/120`. */
function progressOf(context: StepContext): (line: string) => void {
  return (line) => {
    const downloaded = /^\((\d+)\/(\d+)\): /.exec(line);
    const installed = /^ {2}Installing .* (\d+)\/(\d+)\s*$/.exec(line);
    const [from, to, counted] = downloaded === null ? [0.3, 0.95, installed] : [0, 0.3, downloaded];
    if (counted === null) return;
    context.progress(from + ((to - from) * Number(counted[1])) / Number(counted[2]));
  };
}
