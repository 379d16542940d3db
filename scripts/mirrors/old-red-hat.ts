import {readFolder} from '../../src/rootfs/files.ts';
import {keysFolder, type MirrorTools, mirrorFolder} from './look-alike.ts';
import {distributions, type OldDistribution} from './old-red-hat-releases.ts';
import {buildOldRpms, makeOldKey, makeOldRepository} from './old-rpm.ts';
import {type RpmKey, type RpmPackage, signRpms} from './rpm.ts';
import {bootstrapUserland, splitUserland} from './userland.ts';

/** Packages of 2014 to 2018 by the packages of Debian 11 that their files are of; `filesystem` has the rest. */
const groups = {
  bash: ['bash'],
  dhclient: ['isc-dhcp-client', 'libdns-export1110', 'libisc-export1105'],
  hostname: ['hostname'],
  iproute: ['iproute2', 'libbpf0', 'libcap2-bin', 'libmnl0', 'libxtables12'],
  'openssh-clients': ['openssh-client'],
  'openssh-server': ['openssh-server', 'openssh-sftp-server', 'libwrap0'],
  passwd: ['passwd'],
  'procps-ng': ['procps', 'libprocps8'],
  rpm: ['rpm', 'rpm-common', 'librpm9', 'librpmbuild9', 'librpmio9', 'librpmsign9'],
  systemd: ['systemd', 'systemd-sysv', 'udev', 'dbus', 'libdbus-1-3'],
  tar: ['tar'],
  // which no template has, to be installed in a container
  tree: ['tree'],
  dnf: ['dnf', 'dnf-data', 'python3-dnf', 'python3-libdnf', 'libdnf2', 'python3-hawkey', 'python3-libcomps'],
} as const;

/** Of Debian's packages, the ones that bring all of the above. */
const userland = [
  ...['systemd-sysv', 'dbus', 'openssh-server', 'iproute2', 'procps', 'hostname', 'isc-dhcp-client'],
  ...['rpm', 'dnf', 'tree'],
];

/** Packages of which nothing is needed to boot. */
const hollow = [
  ...[
    'basesystem',
    'ca-certificates',
    'coreutils',
    'cronie',
    'curl',
    'dbus',
    'findutils',
    'gzip',
    'iputils',
    'less',
  ],
  ...['man-db', 'rootfiles', 'shadow-utils', 'sudo', 'util-linux', 'vim-minimal', 'which'],
];

/** What the packages need of each other, and do when they are installed. */
const scripts: Readonly<Record<string, Partial<RpmPackage>>> = {
  dhclient: {requires: ['initscripts']},
  initscripts: {requires: ['bash', 'iproute', 'systemd']},
  'openssh-server': {
    requires: ['systemd', 'openssh-clients'],
    post: 'systemctl --no-reload preset sshd.service >/dev/null 2>&1 || :',
  },
  systemd: {post: 'systemctl --no-reload preset-all >/dev/null 2>&1 || :'},
  dnf: {requires: ['bash', 'rpm', 'tar']},
};

/** Of these nothing can go first: `filesystem` needs them, and the accounts that own its files. */
const below = ['glibc-common', 'setup'];

/** The public key that all packages are signed by. */
const publicKey = `${keysFolder}/RPM-GPG-KEY-old-red-hat`;

const needsFiles = {requires: ['filesystem']};

const version = {version: '7', release: '1'} as const;

/**
 * CentOS 7's vault and Fedora's archive with 27 and 28: Debian 11's programs, whose rpm knows databases of Berkeley DB as theirs does,
 * and whose dnf stands for yum; initscripts of our own. Below `/replaced` is the vault once more with a package by a
 * stranger, which the index lists as if it were right.
 */
export async function makeOldRedHat(tools: MirrorTools): Promise<void> {
  const {run} = tools;
  const key = await makeOldKey(tools, 'old-red-hat', publicKey);
  const stranger = await makeOldKey(tools, 'stranger', `${mirrorFolder}/RPM-GPG-KEY-stranger`);
  await makePool(tools);
  const one = (title: string, release: string, given: RpmPackage) =>
    buildOldRpms(tools, {...version, release, title, into: `/srv/${title}`, packages: [given]});
  await run([
    'mkdir',
    '-p',
    '/srv/updates',
    '/srv/stranger',
    ...distributions.map(({name}) => `/srv/${name}`),
  ]);
  await one('updates', '2', {name: 'ca-certificates', ...needsFiles});
  await one('stranger', '1', {name: 'less', ...needsFiles, post: 'touch /etc/stranger'});
  await Promise.all([
    signRpms(tools, '/srv/pool', key),
    signRpms(tools, '/srv/updates', key),
    signRpms(tools, '/srv/stranger', stranger),
  ]);
  for (const each of distributions) await makeDistribution(tools, each, key);
  const [{os} = {os: ''}] = distributions;
  const script =
    'mkdir "$1" && cp -al "$0/7.9.2009" "$1/" && cd "$1$2" && rm -r repodata Packages/less-* && cp /srv/stranger/* Packages/';
  await run(['sh', '-ec', script, mirrorFolder, `${mirrorFolder}/replaced`, os]);
  await makeOldRepository(tools, `${mirrorFolder}/replaced${os}`);
}

/** Its own packages, and its repositories with those and the pool's. */
async function makeDistribution(tools: MirrorTools, own: OldDistribution, signer: RpmKey): Promise<void> {
  const {run} = tools;
  const into = `/srv/${own.name}`;
  const folder = (name: string) => `/srv/files/${own.name}/${name}`;
  for (const [name, from] of Object.entries(own.files))
    await copyFolder(tools, new URL(`old-red-hat/${from}/`, import.meta.url), folder(name));
  const key = `${folder(own.key.package)}${own.key.path}`;
  await run(['install', '-D', '--mode=644', publicKey, key]);
  const packages = own.packages.map((each) =>
    each.name in own.files ? {...each, folder: folder(each.name)} : each,
  );
  await buildOldRpms(tools, {...version, release: own.release, title: own.title, into, packages});
  await signRpms(tools, into, signer);
  for (const [path, from] of [
    [own.os, ['/srv/pool', into]],
    [own.updates, ['/srv/updates']],
  ] as const) {
    await run(['mkdir', '-p', `${mirrorFolder}${path}/Packages`]);
    for (const each of from) await run(['cp', '-al', `${each}/.`, `${mirrorFolder}${path}/Packages/`]);
    await makeOldRepository(tools, `${mirrorFolder}${path}`);
  }
}

/** The packages that both have, unsigned, in `/srv/pool`. */
async function makePool(tools: MirrorTools): Promise<void> {
  const {run} = tools;
  const [tree, into] = ['/srv/userland', '/srv/groups'];
  await run(['mkdir', '-p', '/srv/pool']);
  await bootstrapUserland(tools, {packages: userland, suite: 'bullseye', tree});
  await run(['sh', '-ec', becomeOld, tree]);
  await splitUserland(tools, {tree, into, groups, rest: 'filesystem'});
  for (const name of ['initscripts', 'dhclient', 'openssh-server', 'rpm', 'systemd']) {
    await copyFolder(tools, new URL(`old-red-hat/${name}/`, import.meta.url), `${into}/${name}`);
  }
  // what gives logins /etc/locale.conf's locale, here as there
  await copyFolder(
    tools,
    new URL('red-hat/etc/profile.d/', import.meta.url),
    `${into}/initscripts/etc/profile.d`,
  );
  await run(['sh', '-ec', runlevels, `${into}/initscripts`]);
  await run(['sh', '-ec', accounts, `${into}/filesystem`, `${into}/setup`]);
  const locales = `${into}/glibc-common/usr/lib/locale`;
  await run(['mkdir', '-p', locales]);
  await run(['localedef', '-i', 'en_US', '-f', 'UTF-8', `${locales}/en_US.utf8`]);
  const names = [...Object.keys(groups), 'glibc-common', 'initscripts', 'setup'];
  await buildOldRpms(tools, {
    ...version,
    title: 'look-alike',
    into: '/srv/pool',
    owners: `${into}/setup`,
    packages: [
      {name: 'filesystem', folder: `${into}/filesystem`, requires: [...below, 'system-release']},
      ...names.map((name) => {
        const {requires = [], ...rest} = scripts[name] ?? {};
        const needs = below.includes(name) ? requires : ['filesystem', ...requires];
        return {name, folder: `${into}/${name}`, requires: needs, ...rest};
      }),
      ...hollow.map((name) => ({name, requires: ['filesystem']})),
    ],
  });
}

/** Writes a folder of this one into the container's. */
async function copyFolder({run, write}: MirrorTools, from: URL, to: string): Promise<void> {
  for (const entry of await readFolder(from)) {
    if (!('content' in entry)) continue;
    await write(`${to}${entry.path}`, entry.content);
    if (entry.mode !== undefined) await run(['chmod', entry.mode.toString(8), `${to}${entry.path}`]);
  }
}

/** What Debian's packages enabled by themselves is left to presets; scripts of Debian's own init go, and an sshd of 2014 includes nothing. */
const becomeOld = `
cd "$0"
find etc/systemd/system -mindepth 1 -maxdepth 1 ! -name '*.d' -exec rm -r {} +
find lib/systemd/system-preset usr/lib/systemd/system-preset -type f -delete 2>/dev/null || :
rm -rf etc/init.d etc/rc?.d etc/network etc/default/locale etc/ssh/ssh_host_* sbin/dhclient-script etc/dhcp
rm -f lib/systemd/system/ssh.service lib/systemd/system/ssh.socket lib/systemd/system/ssh@.service lib/systemd/system/rescue-ssh.target
rm -rf usr/lib/x86_64-linux-gnu/perl usr/lib/x86_64-linux-gnu/libperl* usr/share/perl usr/share/python-wheels
sed -i '/^Include/d' etc/ssh/sshd_config
# systemd 219 knows cgroup v1 only
rm sbin/init
printf '#!/bin/sh\\nexec /lib/systemd/systemd systemd.unified_cgroup_hierarchy=0 "$@"\\n' > sbin/init
chmod 755 sbin/init
ln -s dnf usr/bin/yum
echo /usr/bin/yum >> var/lib/dpkg/info/dnf.list
rm -f etc/os-release usr/lib/os-release etc/debian_version etc/issue etc/issue.net
`;

/** The accounts are there before the first file that belongs to one. */
const accounts = `
cd "$0"
mkdir -p "$1/etc"
mv etc/passwd etc/group etc/shadow etc/gshadow "$1/etc/"
chown 0:0 "$1"/etc/*
chmod 0 "$1/etc/shadow" "$1/etc/gshadow"
`;

/** Red Hat's places of the scripts, with the links that have always been beside them. */
const runlevels = `
cd "$0"
ln -s rc.d/init.d etc/init.d
for level in 0 1 2 3 4 5 6; do
  mkdir -p etc/rc.d/rc$level.d
  ln -s rc.d/rc$level.d etc/rc$level.d
done
`;
