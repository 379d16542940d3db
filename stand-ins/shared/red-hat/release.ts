import {buildRpms, makeRepository, makeRpmKey, type RpmKey, type RpmPackage, signRpms} from '../rpm/index.ts';
import {keysFolder, type MakingTools, mirrorFolder, partIn} from '../stand-in.ts';
import {redHatPackages} from './index.ts';

/** A release of Fedora or CentOS Stream: what it has beside the packages that all have. */
export interface RedHatRelease {
  /** As the recipe calls it: `45`. */
  readonly version: string;
  readonly title: string;
  readonly releasever: string;
  readonly osRelease: string;
  /** The folder of rpm's database. */
  readonly rpmdb: string;
  readonly packages: {
    readonly release: string;
    readonly repos: string;
    readonly keys: string;
    /** Empty packages: nothing in them is needed. */
    readonly others: readonly string[];
  };
  /** What the file of the key is called. */
  readonly keyFile: string;
  readonly repoFile: {readonly name: string; readonly content: string};
  /** The repositories, by their path on the server. */
  readonly repositories: Readonly<Record<string, 'everything' | 'updates' | 'nothing'>>;
}

/** The group a minimal installation consists of. */
const core = [
  ...['bash', 'coreutils', 'filesystem', 'firewalld', 'glibc', 'hostname', 'iproute', 'less', 'man-db'],
  ...['NetworkManager', 'openssh-clients', 'openssh-server', 'procps-ng', 'rpm', 'shadow-utils', 'sudo'],
  ...['systemd', 'util-linux', 'vim-minimal'],
];
const groups = [{id: 'core', packages: core}];

const version = {version: '1.0', release: '1'} as const;
const pool = `${partIn(redHatPackages)}/pool`;
const updates = '/srv/updates';

/**
 * Makes releases' repositories of the common packages, of packages with the release's identity, repositories, presets
 * and key, and of an update. The public key is put into `keysFolder`.
 */
export async function makeReleases(tools: MakingTools, releases: readonly RedHatRelease[]): Promise<void> {
  const {run} = tools;
  const part = partIn(redHatPackages);
  const key: RpmKey = {home: `${part}/gnupg`, address: 'mirror@example.org'};
  await run(['chmod', '700', key.home]);
  await run(['cp', `${part}/key.asc`, `${keysFolder}/RPM-GPG-KEY-mirror`]);
  await buildRpms(tools, {
    title: 'updates',
    version: '1.1',
    release: '1',
    into: updates,
    packages: [{name: 'sudo', requires: ['filesystem']}],
  });
  await signRpms(tools, updates, key);
  for (const release of releases) {
    const own = `/srv/releases/${release.version}`;
    const packages = await releasePackages(tools, release);
    await buildRpms(tools, {...version, title: `release-${release.version}`, into: own, packages});
    await signRpms(tools, own, key);
    for (const [path, content] of Object.entries(release.repositories)) {
      const folder = `${mirrorFolder}${path}`;
      const filled = {everything: [pool, own], updates: [updates], nothing: []}[content];
      await run(['mkdir', '-p', `${folder}/Packages`]);
      for (const from of filled) await run(['cp', '-al', `${from}/.`, `${folder}/Packages/`]);
      await makeRepository(tools, folder, {groups, key});
    }
  }
}

/**
 * Repeats a release below `/replaced`, with a package by a stranger in the place of `less`, which the index lists as if
 * it were right; indexes are not signed. The stranger's key is `/RPM-GPG-KEY-stranger`.
 */
export async function makeReplaced(tools: MakingTools, {repositories}: RedHatRelease): Promise<void> {
  const {run} = tools;
  const stranger = await makeRpmKey(tools, {
    name: 'stranger',
    home: '/srv/stranger-gnupg',
    publicKey: `${mirrorFolder}/RPM-GPG-KEY-stranger`,
  });
  await buildRpms(tools, {
    ...version,
    title: 'stranger',
    into: '/srv/stranger',
    packages: [{name: 'less', requires: ['filesystem'], post: 'touch /etc/stranger'}],
  });
  await signRpms(tools, '/srv/stranger', stranger);
  for (const [path, content] of Object.entries(repositories)) {
    const folder = `${mirrorFolder}/replaced${path}`;
    await run(['sh', '-c', 'mkdir -p "$1" && cp -al "$0/." "$1"', `${mirrorFolder}${path}`, folder]);
    if (content !== 'everything') continue;
    const replace = 'cd "$0" && rm -r repodata Packages/less-* && cp /srv/stranger/* Packages/';
    await run(['sh', '-c', replace, folder]);
    await makeRepository(tools, folder, {groups, key: stranger});
  }
}

/** The release's own packages: what it is, where its packages are, whose signature they have. */
async function releasePackages({run, write}: MakingTools, release: RedHatRelease): Promise<RpmPackage[]> {
  const folder = `/srv/release-files/${release.version}`;
  const named = (name: string) => `${folder}/${name}`;
  const file = (name: string, path: string, content: string) => write(`${named(name)}${path}`, content);
  const {packages} = release;
  await file(packages.release, '/usr/lib/os-release', release.osRelease);
  await file(packages.release, '/etc/redhat-release', `${release.title}\n`);
  await file(packages.release, '/usr/lib/systemd/system-preset/90-default.preset', presets);
  await file(packages.release, '/usr/lib/rpm/macros.d/macros.dbpath', `%_dbpath ${release.rpmdb}\n`);
  await file(packages.repos, `/etc/yum.repos.d/${release.repoFile.name}`, release.repoFile.content);
  const keys = `${named(packages.keys)}/etc/pki/rpm-gpg`;
  await run(['mkdir', '-p', keys]);
  await run(['cp', `${keysFolder}/RPM-GPG-KEY-mirror`, `${keys}/${release.keyFile}`]);
  return [
    {
      name: packages.release,
      folder: named(packages.release),
      requires: ['filesystem'],
      provides: [`system-release = ${release.releasever}`],
    },
    {name: packages.repos, folder: named(packages.repos), requires: ['filesystem']},
    {name: packages.keys, folder: named(packages.keys), requires: ['filesystem']},
    ...packages.others.map((name) => ({name, requires: ['filesystem']})),
  ];
}

const presets = `enable NetworkManager.service
enable sshd.service
enable dbus.service
enable dbus.socket
enable getty@.service
enable systemd-networkd.service
enable systemd-network-generator.service
enable remote-fs.target
disable *
`;

/** What `/usr/lib/os-release` says. */
export function osRelease(id: string, name: string, version: string): string {
  return `NAME="${name}"\nVERSION="${version}"\nID=${id}\nVERSION_ID=${version}\nPRETTY_NAME="${name} ${version}"\n`;
}
