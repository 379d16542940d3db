import {buildRpms, loginLocale, makeRpmKey, type RpmPackage, rpmTools, signRpms} from '../rpm/index.ts';
import {definePart, type MakingTools, partFolder} from '../stand-in.ts';
import {bootstrapUserland, splitUserland} from '../userland.ts';

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

/**
 * The packages that Fedora and CentOS Stream have in common: Debian's programs under the distributions' package names,
 * signed, in `pool`; `key.asc` is the public key, and `gnupg` has the private one, which signs what differs.
 */
export const redHatPackages = definePart({
  name: 'red-hat',
  builder: rpmTools,
  async make(tools) {
    const pool = `${partFolder}/pool`;
    await makePool(tools, pool);
    const key = await makeRpmKey(tools, {
      name: 'mirror',
      home: `${partFolder}/gnupg`,
      publicKey: `${partFolder}/key.asc`,
    });
    await signRpms(tools, pool, key);
  },
});

/** The packages, unsigned. */
async function makePool(tools: MakingTools, pool: string): Promise<void> {
  const tree = '/srv/userland';
  const into = '/srv/groups';
  await bootstrapUserland(tools, {packages: userland, tree});
  await tools.run(['sh', '-ec', becomeRedHat, tree]);
  // what their own packages bring, and Debian's do not: units that make host keys, the locale of a login
  for (const files of [new URL('files/', import.meta.url), loginLocale]) await tools.copy(files, tree);
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
    version: '1.0',
    release: '1',
    title: 'common',
    into: pool,
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
