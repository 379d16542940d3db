import {Failure} from '../../failure.ts';
import type {InstalledPackage, PackageTrial, TrialContext} from '../../recipe/distribution.ts';
import type {Release} from '../../recipe/release.ts';
import type {Rootfs} from '../../recipe/rootfs.ts';
import {type KeyFile, type Step, type StepContext, step} from '../../recipe/step.ts';
import {readFolder} from '../files.ts';
import {firstMirror, place, trimmed} from '../mirrors.ts';
import {type ChannelRelease, findChannel, unpackChannel} from './channel.ts';
import {cacheKeys, runNix} from './nix.ts';

export interface NixosOptions {
  /** As it is called on the channels' server: `nixos-26.05`. */
  readonly channel: string;
  /** The recipe's folder with what goes to /etc/nixos: in `common` what all variants have, and in one of its own each's. */
  readonly configuration: string;
}

const nixpkgs = '/srv/nixpkgs';
const profile = '/nix/var/nix/profiles/system';
/** Names the signed archive of the expressions that the system was built from. */
const builtFrom = '/etc/nixos/built-from';

/** What stage 2 and the build expect to find; everything else comes with the activation. */
const folders = [
  'bin',
  'dev',
  'etc',
  'nix',
  'proc',
  'root',
  'run',
  'sbin',
  'sys',
  'tmp',
  'usr',
  'var/log',
  'var/tmp',
];

/**
 * Builds a NixOS system from a channel and a configuration, and makes a tree of it as nixos-install(8) does: the
 * store with its database, the system's profile, and what its activation writes. The tree's store is the build
 * container's, so that nothing is copied; what was needed for building only is collected in the end.
 */
export function nixos({channel, configuration}: NixosOptions): Step {
  return step(`nixos ${channel}`, async (rootfs, context) => {
    const {container} = context;
    const {tree} = container;
    await container.run(['mkdir', '-p', '/nix', ...folders.map((folder) => `${tree}/${folder}`)]);
    await container.run(['chmod', '1777', `${tree}/tmp`, `${tree}/var/tmp`]);
    await container.run(['mount', '--bind', `${tree}/nix`, '/nix']);
    const release = await firstMirror(context, context.sources.channel ?? [], async (url) => {
      const found = await findChannel(context, {channel, url});
      await unpackChannel(context, found, nixpkgs);
      return found;
    });
    context.log(`${channel} is ${release.storePath}, of commit ${release.revision}`);
    await placeConfiguration(context, configuration, release);
    const system = await buildSystem(context);
    await runNix(context, ['nix-env', '--profile', profile, '--set', system]);
    await runNix(context, ['nix-collect-garbage', '--quiet']);
    await container.run(['cp', '-r', '/etc/nixos', `${tree}/etc/nixos`]);
    await container.run(['ln', '-s', `${profile}/init`, `${tree}/sbin/init`]);
    await place(container, `${tree}/root/.nix-channels`, `${release.url} nixos\n`);
    await activate(rootfs);
  });
}

/** Fetches the expressions, as signed as packages are, and by them a package, which is not built instead; then installs it. */
const install = `
archive=$(cat ${builtFrom})
nix-store --realise "\${archive%/tarballs/*}" "$@"
package=$(nix-build "file://$archive" --attr "$0" --no-out-link --max-jobs 0 "$@")
nix-env --install "$package" "$@"`;

/**
 * A package for the boot tests to install in root's profile and to remove, with a command it brings. The system itself
 * says by which keys it is trusted; from where it is fetched is the build's binary cache.
 */
export function nixTrial<R extends Release>(
  name: string,
  brings: string,
  {mirrors}: TrialContext<R>,
): PackageTrial {
  const caches = (mirrors.cache ?? []).map(trimmed).join(' ');
  return {
    name,
    install: [['sh', '-ec', install, name, '--option', 'substituters', caches]],
    remove: ['nix-env', '--uninstall', name],
    brings: `/root/.nix-profile/bin/${brings}`,
  };
}

/** The store paths of the system, for the manifest. */
export async function nixPackages(rootfs: Rootfs): Promise<InstalledPackage[]> {
  const paths = await rootfs.run(['nix-store', '--query', '--requisites', profile]);
  return paths
    .split('\n')
    .filter((path) => path !== '')
    .map((path) => nameAndVersion(path.replace(/^\/nix\/store\/[^-]+-/, '')))
    .filter(({version}) => version !== '')
    .map(({name, version}) => ({name, version, arch: 'x86_64'}));
}

/** A derivation's name taken apart as builtins.parseDrvName does: the version begins at a dash before a digit. */
export function nameAndVersion(derivation: string): {readonly name: string; readonly version: string} {
  const [, name = derivation, version = ''] = /^(.+?)-(\d.*)$/.exec(derivation) ?? [];
  return {name, version};
}

/** The channel that root has, and the version of it that is installed. */
export async function nixosSources(rootfs: Rootfs): Promise<string[]> {
  const [channels, version] = await Promise.all([
    rootfs.read('/root/.nix-channels'),
    rootfs.read(`${profile}/nixos-version`),
  ]);
  return (channels ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${line.split(' ')[0]} ${(version ?? '').trim()}`);
}

/**
 * Puts the configuration where it will be in the system: paths in it become a part of what is built. Beside it goes
 * what the build was made of: the archive of the expressions, and configured keys, which the system then trusts, too.
 */
async function placeConfiguration(
  context: StepContext,
  configuration: string,
  {archive}: ChannelRelease,
): Promise<void> {
  const {container, folder, template} = context;
  const stateVersion = await container.run(['cat', `${nixpkgs}/.version`], {quiet: true});
  for (const part of ['common', template.variant]) {
    for (const file of await readFolder(new URL(`${configuration}/${part}/`, folder))) {
      if (!('content' in file)) continue;
      const content = Buffer.from(file.content).toString('utf8');
      await place(
        container,
        `/etc/nixos${file.path}`,
        content.replaceAll('@stateVersion@', stateVersion.trim()),
      );
    }
  }
  await place(container, builtFrom, `${archive}\n`);
  if (context.keys.length > 0) await place(container, '/etc/nixos/binary-cache.nix', trusting(context.keys));
}

/** A module with which Nix takes what these keys have signed. */
function trusting(keys: readonly KeyFile[]): string {
  const trusted = cacheKeys(keys).map((key) => `    "${key}"\n`);
  return `# The keys of the binary cache that this system was built from.
{
  nix.settings.trusted-public-keys = [
${trusted.join('')}  ];
}
`;
}

/** Evaluates and builds; gives the system's store path. */
async function buildSystem(context: StepContext): Promise<string> {
  let paths = 0;
  let done = 0;
  const onLine = (line: string) => {
    const [, count] = /^these (\d+) (?:derivations|paths) will be/.exec(line) ?? [];
    if (count !== undefined) paths += Number(count);
    else if (/^(copying path|building) '/.test(line)) done += 1;
    else return;
    if (paths > 0) context.progress(Math.min(1, done / paths));
  };
  const argv = [
    ...['nix-build', `${nixpkgs}/nixos`, '--no-out-link', '--attr', 'config.system.build.toplevel'],
    ...['--arg', 'configuration', '/etc/nixos/configuration.nix', '--argstr', 'system', 'x86_64-linux'],
  ];
  const env = {NIX_PATH: `nixpkgs=${nixpkgs}`, HOME: '/root'};
  const built = await runNix(context, argv, {env, onLine});
  return built.trim().split('\n').at(-1) ?? '';
}

/** Lets the system put /etc, users, /bin/sh and /usr/bin/env in place; what it mounts it cannot mount here. */
async function activate(rootfs: Rootfs): Promise<void> {
  await rootfs.succeeds([`${profile}/activate`]);
  for (const path of ['/etc/passwd', '/etc/shadow', '/bin/sh', '/usr/bin/env']) {
    if (await rootfs.succeeds(['/bin/sh', '-c', '[ -e "$0" ]', path])) continue;
    throw new Failure(`the activation of the system did not make ${path}`, {
      remedy: 'The log has what it said. Mend the recipe’s configuration.',
    });
  }
}
