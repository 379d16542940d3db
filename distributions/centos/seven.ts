import {
  files,
  initscripts,
  localeConf,
  macros,
  nodeUnits,
  notStarted,
  openssh,
  sysconfigHostname,
  systemdInContainer,
  type TrialContext,
  type TwoStagesOptions,
  twoStages,
  yumTrial,
} from 'vpsadminos-templates';

/** What CentOS 7's template has; NetworkManager stays away, so osctld takes initscripts. */
const packages = [
  ...['centos-release', 'basesystem', 'filesystem', 'setup', 'rootfiles', 'bash', 'coreutils', 'util-linux'],
  ...['shadow-utils', 'passwd', 'sudo', 'systemd', 'dbus', 'glibc-common', 'hostname', 'procps-ng', 'tar'],
  ...['initscripts', 'dhclient', 'iproute', 'iputils', 'openssh-server', 'openssh-clients', 'yum', 'rpm'],
  ...['ca-certificates', 'cronie', 'curl', 'findutils', 'gzip', 'less', 'man-db', 'vim-minimal', 'which'],
];

/** systemd 219 tries to mount these in a user namespace; since 233 it knows better. */
const kernelMounts = ['dev-hugepages.mount', 'sys-fs-fuse-connections.mount', 'sys-kernel-config.mount'];

const options: TwoStagesOptions = {
  place: 'vault',
  repositories: {base: '7.9.2009/os/x86_64', updates: '7.9.2009/updates/x86_64'},
  releasever: '7',
  // from Debian's distribution-gpg-keys, in the builder
  keys: ['/usr/share/distribution-gpg-keys/centos/RPM-GPG-KEY-CentOS-7'],
  manager: 'yum',
  packages,
  rpmdb: '/var/lib/rpm',
  // the key is of 2014
  acceptSha1: true,
};

/** Of centos-release. */
const gpgkey = '/etc/pki/rpm-gpg/RPM-GPG-KEY-CentOS-7';

/** CentOS 7 as it ended: the last of its releases, in the vault. */
export const seven = {
  release: {
    version: '7',
    codename: '7',
    rpmdb: '/var/lib/rpm',
    endOfLife: '2024-06-30',
    legacy: true,
    // systemd 219 knows no other
    cgroups: 'v1',
  },
  options,
  bootstrap: twoStages(options),
  trial: (context: TrialContext) => yumTrial('tree', 'tree', {...options, gpgkey}, context),
  configure: [
    files('vault'),
    localeConf('en_US.UTF-8'),
    systemdInContainer({mask: [...nodeUnits, ...kernelMounts]}),
    notStarted('firewalld.service'),
    openssh({service: 'sshd.service', hostKeys: 'service'}),
    macros,
  ],
  osctl: {hostname: sysconfigHostname, network: initscripts},
} as const;
