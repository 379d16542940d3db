import {buildRpms, loginLocale, type RpmPackage, signRpms} from '../rpm/index.ts';
import {definePart, type MakingTools, partFolder} from '../stand-in.ts';
import {bootstrapUserland, splitUserland} from '../userland.ts';
import {makeOldKey, oldRedHatTools, oldRpms} from './rpm.ts';

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

/**
 * The packages that CentOS 7 and Fedora 27 and 28 have in common, signed, in `pool`: Debian 11's programs, whose rpm
 * knows databases of Berkeley DB as theirs does, and whose dnf stands for yum; initscripts are ours. `key.asc` is the
 * public key, and `gnupg` has the private one, which signs what differs.
 */
export const oldRedHatPackages = definePart({
  name: 'old-red-hat',
  builder: oldRedHatTools,
  async make(tools) {
    const pool = `${partFolder}/pool`;
    await makePool(tools, pool);
    const key = await makeOldKey(tools, {
      name: 'old-red-hat',
      home: `${partFolder}/gnupg`,
      publicKey: `${partFolder}/key.asc`,
    });
    await signRpms(tools, pool, key);
  },
});

/** The packages, unsigned. */
async function makePool(tools: MakingTools, pool: string): Promise<void> {
  const {run} = tools;
  const [tree, into] = ['/srv/userland', '/srv/groups'];
  await run(['mkdir', '-p', pool]);
  await bootstrapUserland(tools, {packages: userland, suite: 'bullseye', tree});
  await run(['sh', '-ec', becomeOld, tree]);
  await splitUserland(tools, {tree, into, groups, rest: 'filesystem'});
  for (const name of ['initscripts', 'dhclient', 'openssh-server', 'rpm', 'systemd']) {
    await tools.copy(new URL(`files/${name}/`, import.meta.url), `${into}/${name}`);
  }
  // what gives logins /etc/locale.conf's locale, here as there
  await tools.copy(loginLocale, `${into}/initscripts`);
  await run(['sh', '-ec', runlevels, `${into}/initscripts`]);
  await run(['sh', '-ec', accounts, `${into}/filesystem`, `${into}/setup`]);
  const locales = `${into}/glibc-common/usr/lib/locale`;
  await run(['mkdir', '-p', locales]);
  await run(['localedef', '-i', 'en_US', '-f', 'UTF-8', `${locales}/en_US.utf8`]);
  const names = [...Object.keys(groups), 'glibc-common', 'initscripts', 'setup'];
  await buildRpms(tools, {
    ...oldRpms,
    version: '7',
    release: '1',
    title: 'common',
    into: pool,
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
