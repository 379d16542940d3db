import {asFailure, Failure} from '../../failure.ts';
import type {InstalledPackage, PackageTrial, TrialContext} from '../../recipe/distribution.ts';
import type {Release} from '../../recipe/release.ts';
import type {Rootfs} from '../../recipe/rootfs.ts';
import {type Step, step} from '../../recipe/step.ts';
import {diagnosed} from '../diagnosis.ts';
import {download} from '../download.ts';
import {firstMirror, trimmed} from '../mirrors.ts';
import {verify} from '../openpgp.ts';
import {type PinnedKeys, pinnedKeyring} from '../pinned-keys.ts';
import {portageDiagnostics} from './failure.ts';

const repository = '/var/db/repos/gentoo';
const binrepos = '/etc/portage/binrepos.conf';
const work = '/srv/osctl-template-snapshot';

/**
 * Puts what Portage needs to install binary packages into the tree: the profiles of the newest snapshot of the ebuild
 * repository, after its signature has been verified. The ebuilds stay out; a member's `emerge --sync` brings them.
 */
export function profiles(keys: PinnedKeys): Step {
  return step('profiles', async (rootfs, context) => {
    const keyring = await pinnedKeyring(context, keys);
    const {container, sources} = context;
    const name = 'gentoo-latest.tar.xz';
    const file = `${work}/${name}`;
    await container.run(['mkdir', '-p', work]);
    const fetch = async (mirror: string) => {
      const url = `${trimmed(mirror)}/snapshots/${name}`;
      await download(context, {url, to: file});
      await download(context, {url: `${url}.gpgsig`, to: `${file}.gpgsig`});
      await verify(context, {keyring, file, signature: `${file}.gpgsig`, title: name});
    };
    await firstMirror(context, sources.distfiles ?? [], fetch, {keep: true});
    await rootfs.write([{path: repository, directory: true}]);
    await container.run([
      ...['tar', '--extract', `--file=${file}`, `--directory=${container.tree}${repository}`],
      ...['--strip-components=1', '--no-same-owner', '--wildcards', '--no-wildcards-match-slash'],
      ...['--exclude=*/metadata/md5-cache', '*/profiles', '*/metadata', '*/eclass'],
    ]);
    await container.run(['rm', '-r', work]);
  });
}

export interface BinaryPackagesOptions {
  /** As emerge takes them: `sys-apps/iproute2`. One that is installed stays as it is. */
  readonly packages: readonly string[];
}

/** Nothing is compiled, and an unsigned package is refused. The sandboxes need more than a container may. */
const environment = {
  FEATURES:
    'getbinpkg binpkg-request-signature -sandbox -usersandbox -ipc-sandbox -network-sandbox -pid-sandbox -mount-sandbox',
  EMERGE_DEFAULT_OPTS: '',
  CLEAN_DELAY: '0',
  NO_COLOR: '1',
};

const emerge = ['emerge', '--quiet', '--getbinpkg', '--usepkgonly', '--noreplace', '--with-bdeps=n'];

/**
 * Installs binary packages with the tree's own Portage, from the place its stage3 names, on the configured mirror. They
 * are verified by the release keys that the verified stage3 brings, through getuto(1).
 */
export function binaryPackages({packages}: BinaryPackagesOptions): Step {
  return step('binary packages', async (rootfs, context) => {
    const original = await binhosts(rootfs);
    const resolvers = await context.container.run(['cat', '/etc/resolv.conf'], {quiet: true});
    await rootfs.write([{path: '/etc/resolv.conf', content: resolvers}]);
    await rootfs.run(['getuto']);
    const install = async (mirror: string) => {
      await rootfs.write(original.map(({path, content}) => ({path, content: onMirror(content, mirror)})));
      const running = diagnosed(portageDiagnostics, (onLine) =>
        rootfs.run([...emerge, ...packages], {env: environment, onLine}),
      );
      await running.catch((error: unknown) => {
        throw asFailure(error).at(mirror);
      });
    };
    await firstMirror(context, context.sources.distfiles ?? [], install, {keep: true});
    await rootfs.write([...original, {path: '/etc/resolv.conf', content: ''}]);
  });
}

/** How emerge-webrsync(1) verifies by the keys that getuto trusts, without asking key servers, which a test cannot reach. */
const verified = {FEATURES: 'webrsync-gpg', PORTAGE_GPG_DIR: '/etc/portage/gnupg'};

/**
 * A binary package for the boot tests to install and remove, with a command it brings. A template has no ebuilds, so
 * the newest snapshot of them comes first, and is verified as the package is. The template's own files say where the
 * flavour's packages are; a member who wants another mirror exchanges it there, and so does the trial.
 */
export function portageTrial<R extends Release>(
  name: string,
  brings: string,
  {mirrors}: TrialContext<R>,
): PackageTrial {
  const [mirror = '', ...others] = (mirrors.distfiles ?? []).map(trimmed);
  const snapshots = {...verified, GENTOO_MIRRORS: [mirror, ...others].join(' ')};
  return {
    name,
    install: [
      ['getuto'],
      withEnvironment(snapshots, ['emerge-webrsync', '--quiet']),
      ['sh', '-c', 'sed -i -E "$0" "$1"/*.conf', mirrorExpression(mirror), binrepos],
      withEnvironment(environment, [...emerge, name]),
    ],
    remove: withEnvironment(environment, ['emerge', '--quiet', '--unmerge', name]),
    brings,
  };
}

function withEnvironment(variables: Readonly<Record<string, string>>, argv: readonly string[]): string[] {
  return ['env', ...Object.entries(variables).map(([name, value]) => `${name}=${value}`), ...argv];
}

/** What `onMirror` does, for sed(1). */
function mirrorExpression(mirror: string): string {
  const replacement = mirror.replace(/[\\&#]/g, '\\$&');
  return `s#^(\\s*sync-uri\\s*=\\s*)\\S+(/releases/\\S*)$#\\1${replacement}\\2#`;
}

/** What Portage leaves in a tree: caches, the snapshot, and the key of its own with which getuto trusts others. */
export const portageLeftovers = [
  '/etc/portage/gnupg',
  '/var/cache/binhost/*',
  '/var/cache/binpkgs/*',
  '/var/cache/distfiles/*',
  '/var/cache/edb/*',
  `${repository}/*`,
] as const;

/** Makes what `/etc/env.d` says the environment of every login: env-update(1). */
export const envUpdate: Step = step('env-update', async (rootfs) => {
  await rootfs.run(['env-update', '--no-ldconfig']);
});

/** The packages in Portage's database, a folder a category and in it a folder a package. */
export async function portagePackages(rootfs: Rootfs): Promise<InstalledPackage[]> {
  const find = ['find', '/var/db/pkg', '-mindepth', '2', '-maxdepth', '2', '-type', 'd'];
  return (await rootfs.run(find)).split('\n').toSorted().flatMap(installedPackage);
}

/** `/var/db/pkg/sys-apps/iproute2-6.17.0-r1`, as the Package Manager Specification, 3.2, takes names and versions apart. */
export function installedPackage(path: string): InstalledPackage[] {
  const match = /^\/var\/db\/pkg\/([^/]+\/\w[^/]*?)-(\d[^-/]*(?:-r\d+)?)$/.exec(path);
  const [, name, version] = match ?? [];
  return name === undefined || version === undefined ? [] : [{name, version, arch: 'amd64'}];
}

/** Where binary packages and ebuilds come from. */
export async function portageSources(rootfs: Rootfs): Promise<string[]> {
  const text = (await binhosts(rootfs)).map(({content}) => content).join('\n');
  const places = [...text.matchAll(/^\s*sync-uri\s*=\s*(\S+)/gm)].map(
    ([, uri]) => `binary packages of ${uri}`,
  );
  const profile = await rootfs.run(['readlink', '/etc/portage/make.profile']);
  return [...places, `profile ${profile.trim().replace(/^.*\/profiles\//, '')}`];
}

interface Binhosts {
  readonly path: string;
  readonly content: string;
}

/** The configuration of binary package hosts that the stage3 brings. */
async function binhosts(rootfs: Rootfs): Promise<Binhosts[]> {
  const list = await rootfs.run(['sh', '-c', 'ls -d "$0"/*.conf 2>/dev/null || :', binrepos]);
  const paths = list.split('\n').filter((path) => path !== '');
  const files = await Promise.all(paths.map(async (path) => ({path, content: await rootfs.read(path)})));
  const found = files.flatMap(({path, content}) => (content === undefined ? [] : [{path, content}]));
  if (found.some(({content}) => /^\s*sync-uri\s*=/m.test(content))) return found;
  throw new Failure(`the stage3 names no host of binary packages in ${binrepos}`, {
    remedy: 'Look at a newer stage3, and correct the recipe.',
  });
}

/** The same place on another mirror: what is behind its `/releases/` is the flavour's. */
export function onMirror(content: string, mirror: string): string {
  return content.replace(/^(\s*sync-uri\s*=\s*)\S+?(\/releases\/\S*)$/gm, `$1${trimmed(mirror)}$2`);
}
