import {
  behind,
  binaryPackages,
  checkStage3,
  confDHostname,
  defineDistribution,
  envUpdate,
  files,
  localeConf,
  netifrc,
  openrc,
  openssh,
  portageLeftovers,
  portagePackages,
  portageSources,
  portageTrial,
  profiles,
  stage3,
  systemdInContainer,
  systemdNetworkd,
} from 'vpsadminos-templates';
import {gentoo} from 'vpsadminos-templates/builders/gentoo';

/** Gentoo extends the validity of these every year: they are taken as they are now from where Gentoo keeps them. */
const keys = {
  fingerprints: [
    '13EBBDBEDE7A12775DFDB1BABB572E0E2D182910', // releases: stage3 archives, and binary packages
    'DCD05B71EAB94199527F44ACDB6B8C1F96D8BF6D', // snapshots of the ebuild repository
  ],
  place: 'keys',
  bundle: 'service-keys.gpg',
};

/** Beside @system, which has openssh, iproute2, net-tools, nano, less and man. */
const packages = ['app-editors/vim'];

/** Services that cannot work in a container: devices and the kernel are the node's. */
const noOpenrc = ['sysctl', 'systemd-tmpfiles-setup-dev', 'udev', 'udev-trigger'];
const noSystemd = ['proc-sys-fs-binfmt_misc.automount', 'systemd-networkd-wait-online.service'];

const withOpenrc = {init: 'openrc', dated: true, cgroups: 'any'} as const;
const withSystemd = {init: 'systemd', dated: true, cgroups: 'v2'} as const;

export default defineDistribution({
  name: 'gentoo',
  title: 'Gentoo',
  family: 'linux',
  builder: gentoo,
  releases: [
    {
      version: 'openrc',
      codename: 'openrc',
      stage3: 'openrc',
      packages: ['net-misc/netifrc', 'net-misc/dhcpcd', ...packages],
      ...withOpenrc,
      tags: ['latest', 'latest-openrc'],
    },
    {
      version: 'systemd',
      codename: 'systemd',
      stage3: 'systemd',
      packages,
      ...withSystemd,
      tags: ['latest-systemd'],
    },
    {
      version: 'musl',
      codename: 'musl',
      stage3: 'musl-openrc',
      // Gentoo has few binary packages for musl; busybox brings an editor and a DHCP client
      packages: ['net-misc/netifrc'],
      ...withOpenrc,
      tags: ['latest-musl'],
    },
  ],
  mirrors: {
    distfiles: ['https://distfiles.gentoo.org'],
    keys: ['https://qa-reports.gentoo.org/output'],
  },
  bootstrap: ({release}) => stage3({flavour: release.stage3, keys}),
  configure: ({release}) => [
    profiles(keys),
    binaryPackages({packages: release.packages}),
    files('files/common'),
    envUpdate,
    openssh({hostKeys: 'service', ...(release.init === 'systemd' ? {service: 'sshd.service'} : {})}),
    ...(release.init === 'systemd'
      ? [files('files/systemd'), localeConf('C.UTF-8'), systemdInContainer({mask: noSystemd})]
      : [files('files/openrc'), openrc({services: {default: ['sshd']}, disable: noOpenrc})]),
  ],
  osctl: ({release}) => ({
    hostname: confDHostname,
    network: release.init === 'systemd' ? behind(netifrc, systemdNetworkd) : netifrc,
  }),
  listPackages: portagePackages,
  trial: (context) => portageTrial('app-text/tree', 'tree', context),
  listSources: portageSources,
  checkMirror: checkStage3({keys, flavour: ({stage3}) => stage3}),
  seal: {remove: portageLeftovers},
});
