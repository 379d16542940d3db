import {base} from '../../builders/base.ts';
import {defineBuilder} from '../../src/recipe/builder.ts';
import {readFolder} from '../../src/rootfs/files.ts';
import {keysFolder, type MirrorTools, mirrorFolder} from './look-alike.ts';
import {fedoraReleases, type RedHatRelease, streamReleases} from './red-hat-releases.ts';
import {buildRpms, makeRepository, makeRpmKey, type RpmPackage, rpmTools, signRpms} from './rpm.ts';
import {bootstrapUserland, splitUserland} from './userland.ts';

/** The tools both look-alikes are made with. */
export const redHatTools = defineBuilder({
  name: 'mirror-rpm',
  base,
  packages: ['locales', 'mmdebstrap', ...rpmTools],
});

/** Packages of Fedora and CentOS by the Debian packages that their files are of; `filesystem` has the rest. */
const groups = {
  bash: ['bash', 'dash'],
  'ca-certificates': ['ca-certificates', 'openssl', 'openssl-provider-legacy'],
  coreutils: ['coreutils'],
  curl: ['curl', 'libcurl4t64'],
  dbus: [
    'dbus',
    'dbus-bin',
    'dbus-daemon',
    'dbus-session-bus-common',
    'dbus-system-bus-common',
    'libdbus-1-3',
  ],
  dnf: [
    ...['dnf', 'dnf-data', 'python3-dnf', 'python3-hawkey', 'python3-libdnf', 'python3-libcomps'],
    ...['python3-gpg', 'python3-rpm', 'libdnf2', 'libdnf2-common', 'librepo0', 'libcomps0', 'libmodulemd2'],
  ],
  findutils: ['findutils'],
  fuse3: ['fuse3', 'libfuse3-4'],
  glibc: ['libc6', 'libc-bin'],
  gzip: ['gzip'],
  hostname: ['hostname'],
  iproute: [
    'iproute2',
    'libbpf1',
    'libcap2-bin',
    'libelf1t64',
    'libxtables12',
    'libtirpc3t64',
    'libtirpc-common',
  ],
  iputils: ['iputils-ping'],
  less: ['less'],
  NetworkManager: [
    'network-manager',
    'libnm0',
    'libndp0',
    'libteamdctl0',
    'libmm-glib0',
    'libcurl3t64-gnutls',
  ],
  'openssh-clients': ['openssh-client'],
  'openssh-server': ['openssh-server', 'openssh-sftp-server', 'libwrap0'],
  'procps-ng': ['procps', 'libproc2-0'],
  rpm: ['rpm', 'rpm-common', 'librpm10', 'librpmbuild10', 'librpmio10', 'librpmsign10'],
  'shadow-utils': ['passwd', 'login.defs'],
  squashfuse: ['squashfuse', 'libsquashfuse0', 'libfuse2t64', 'liblzo2-2'],
  systemd: ['systemd', 'systemd-sysv', 'libsystemd0', 'libsystemd-shared'],
  'systemd-udev': ['udev', 'libudev1'],
  tar: ['tar'],
  tree: ['tree'],
  'util-linux': ['util-linux', 'mount', 'login'],
  'vim-minimal': ['vim-tiny', 'vim-common'],
} as const;

/** Of Debian's packages, the ones that bring all of the above. */
const userland = [
  ...['systemd-sysv', 'dbus', 'udev', 'network-manager', 'openssh-server', 'iproute2', 'procps', 'hostname'],
  ...['vim-tiny', 'less', 'rpm', 'ca-certificates', 'curl', 'iputils-ping', 'fuse3', 'squashfuse'],
  ...['dnf', 'tree'],
];

/** Packages that exist in both distributions, and of which nothing is needed to boot. */
const hollow = [
  ...[
    'authselect',
    'basesystem',
    'cronie',
    'firewalld',
    'man-db',
    'rootfiles',
    'sudo',
    'systemd-pam',
    'which',
    'yum',
  ],
];

/** The group a minimal installation consists of. */
const core = [
  ...['bash', 'coreutils', 'filesystem', 'firewalld', 'glibc', 'hostname', 'iproute', 'less', 'man-db'],
  ...['NetworkManager', 'openssh-clients', 'openssh-server', 'procps-ng', 'rpm', 'shadow-utils', 'sudo'],
  ...['systemd', 'util-linux', 'vim-minimal'],
];

const version = {version: '1.0', release: '1'} as const;

/**
 * Fedora's and CentOS Stream's mirrors on one server, of packages that are mostly the same: Debian's programs under
 * the distributions' package names, their release packages with repositories and presets, groups, signatures. Below
 * `/replaced` is the same once more with a package by a stranger, which the (unsigned) index lists as if it were right.
 */
export async function makeRedHat(tools: MirrorTools): Promise<void> {
  const {run} = tools;
  await Promise.all([makePool(tools), run(['mkdir', '-p', '/srv/stranger'])]);
  const key = await makeRpmKey(tools, 'mirror', `${keysFolder}/RPM-GPG-KEY-mirror`);
  const stranger = await makeRpmKey(tools, 'stranger', `${mirrorFolder}/RPM-GPG-KEY-stranger`);
  await buildRpms(tools, {
    ...version,
    title: 'stranger',
    into: '/srv/stranger',
    packages: [{name: 'less', requires: ['filesystem'], post: 'touch /etc/stranger'}],
  });
  await buildRpms(tools, {
    title: 'updates',
    version: '1.1',
    release: '1',
    into: '/srv/updates',
    packages: [{name: 'sudo', requires: ['filesystem']}],
  });
  await Promise.all([
    signRpms(tools, '/srv/pool', key),
    signRpms(tools, '/srv/updates', key),
    signRpms(tools, '/srv/stranger', stranger),
  ]);
  for (const release of [...fedoraReleases, ...streamReleases]) {
    const own = `/srv/releases/${release.name}`;
    await buildRpms(tools, {
      ...version,
      title: release.name,
      into: own,
      packages: await releasePackages(tools, release),
    });
    await signRpms(tools, own, key);
    for (const [path, content] of Object.entries(release.repositories)) {
      const folder = `${mirrorFolder}${path}`;
      const filled =
        content === 'everything' ? ['/srv/pool', own] : content === 'updates' ? ['/srv/updates'] : [];
      await run(['mkdir', '-p', `${folder}/Packages`]);
      for (const from of filled) await run(['cp', '-al', `${from}/.`, `${folder}/Packages/`]);
      await makeRepository(tools, folder, {groups: [{id: 'core', packages: core}], key});
    }
  }
  const [first] = fedoraReleases;
  for (const [path, content] of Object.entries(first?.repositories ?? {})) {
    const folder = `${mirrorFolder}/replaced${path}`;
    await run(['sh', '-c', 'mkdir -p "$1" && cp -al "$0/." "$1"', `${mirrorFolder}${path}`, folder]);
    if (content !== 'everything') continue;
    await run([
      'sh',
      '-c',
      'cd "$0" && rm -r repodata Packages/less-* && cp /srv/stranger/* Packages/',
      folder,
    ]);
    await makeRepository(tools, folder, {groups: [{id: 'core', packages: core}], key: stranger});
  }
}

/** The packages that all releases have, unsigned, in `/srv/pool`. */
async function makePool(tools: MirrorTools): Promise<void> {
  const tree = '/srv/userland';
  const into = '/srv/groups';
  await bootstrapUserland(tools, {packages: userland, tree});
  await tools.run(['sh', '-ec', becomeRedHat, tree]);
  // what their own packages bring, and Debian's do not: units that make host keys, the locale of a login
  const files = await readFolder(new URL('red-hat/', import.meta.url));
  for (const file of files) if ('content' in file) await tools.write(`${tree}${file.path}`, file.content);
  await splitUserland(tools, {tree, into, groups, rest: 'filesystem'});
  await tools.run(['sh', '-ec', splitSetup, into]);
  const langpack = `${into}/glibc-langpack-en`;
  await tools.run(['mkdir', '-p', `${langpack}/usr/lib/locale`]);
  await tools.run(['localedef', '-i', 'en_US', '-f', 'UTF-8', `${langpack}/usr/lib/locale/en_US.utf8`]);
  const split = [...Object.keys(groups), 'glibc-langpack-en'];
  const packages: RpmPackage[] = [
    {name: 'setup', folder: `${into}/setup`},
    {name: 'filesystem', folder: `${into}/filesystem`, requires: ['setup']},
    ...split.map((name) => ({name, folder: `${into}/${name}`, requires: ['filesystem'], ...scripts[name]})),
    ...hollow.map((name) => ({name, requires: ['filesystem']})),
  ];
  await buildRpms(tools, {
    ...version,
    title: 'look-alike',
    into: '/srv/pool',
    packages,
    owners: `${into}/setup`,
  });
}

/** As in the distributions' own packages: units are enabled by presets, when their package is installed. */
const scripts: Readonly<Record<string, Partial<RpmPackage>>> = {
  bash: {provides: ['/bin/sh']},
  glibc: {post: '/sbin/ldconfig'},
  systemd: {
    requires: ['filesystem', 'bash', 'glibc', 'coreutils', 'system-release', 'systemd-udev', 'dbus'],
    post: 'systemctl --no-reload preset-all >/dev/null 2>&1 || :',
  },
  NetworkManager: {
    requires: ['filesystem', 'systemd'],
    post: 'systemctl --no-reload preset NetworkManager.service >/dev/null 2>&1 || :',
  },
  'openssh-server': {
    requires: ['filesystem', 'systemd'],
    post: 'systemctl --no-reload preset sshd.service >/dev/null 2>&1 || :',
  },
};

/** What Debian's packages enabled by themselves is left to presets, and sshd is called so. */
const becomeRedHat = `
cd "$0"
find etc/systemd/system -mindepth 1 -maxdepth 1 ! -name '*.d' -exec rm -r {} +
rm -f usr/lib/systemd/system-preset/*
mv usr/lib/systemd/system/ssh.service usr/lib/systemd/system/sshd.service
sed -i -e '/^Alias=/d' -e '/^EnvironmentFile=/d' usr/lib/systemd/system/sshd.service
sed -i 's#ssh.service#sshd.service#' var/lib/dpkg/info/openssh-server.list
rm -rf usr/lib/systemd/system/ssh.socket etc/network etc/ssh/ssh_host_* etc/default/locale
rm -rf usr/lib/os-release etc/debian_version etc/issue* etc/init.d etc/rc?.d
mkdir -p etc/sysconfig
`;

/** Users and groups come before everything that belongs to them. */
const splitSetup = `
cd "$0"
mkdir -p setup/etc
for file in passwd group shadow gshadow; do mv "filesystem/etc/$file" setup/etc/; done
`;

/** The release's own packages: what it is, where its packages are, whose signature they have. */
async function releasePackages({run, write}: MirrorTools, release: RedHatRelease): Promise<RpmPackage[]> {
  const folder = `/srv/release-files/${release.name}`;
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
