import {
  aptPlaces,
  aptSources,
  aptTrial,
  checkAptMirror,
  deb822Sources,
  defineDistribution,
  dpkgPackages,
  dpkgResidue,
  etcHostname,
  ifupdown,
  locale,
  mmdebstrap,
  notStarted,
  openssh,
  systemdInContainer,
} from 'vpsadminos-templates';
import {apt} from 'vpsadminos-templates/builders/apt';

/** What every Ubuntu template has beside the essential packages and apt; ifupdown and squashfuse are universe's. */
const packages = [
  'systemd-sysv',
  'dbus',
  'openssh-server',
  'ca-certificates',
  'locales',
  'ifupdown',
  'iproute2',
  'iputils-ping',
  'net-tools',
  'man-db',
  'less',
  'vim',
  'squashfuse',
];

/** From Debian's ubuntu-keyring in the builder, and from Ubuntu's in the template. */
const keyring = '/usr/share/keyrings/ubuntu-archive-keyring.gpg';

const archiveOf = ({codename, sha1 = false}: {readonly codename: string; readonly sha1?: boolean}) => ({
  suite: codename,
  pockets: {archive: ['-updates'], security: `${codename}-security`},
  keyring,
  accept: {sha1},
});

// what differs in time: FUSE, the client that ifupdown starts, who merges /usr, and keys older than SHA-2
const old = {
  legacy: true,
  sha1: true,
  packages: ['fuse', 'isc-dhcp-client'],
  hooks: [],
  mask: ['proc-sys-fs-binfmt_misc.automount'],
};
const jammy = {mask: [], packages: ['fuse3', 'isc-dhcp-client'], hooks: ['merged-usr/extract00.sh']};
const today = {mask: [], packages: ['fuse3', 'dhcpcd-base'], hooks: ['maybe-merged-usr']};

export default defineDistribution({
  name: 'ubuntu',
  title: 'Ubuntu',
  family: 'linux',
  builder: apt,
  releases: [
    {version: '16.04', codename: 'xenial', ...old, endOfLife: '2021-04-30', cgroups: 'v1'},
    {version: '18.04', codename: 'bionic', ...old, endOfLife: '2023-05-31', cgroups: 'any'},
    {version: '22.04', codename: 'jammy', ...jammy, endOfLife: '2027-06-01', cgroups: 'any'},
    {version: '24.04', codename: 'noble', ...today, endOfLife: '2029-05-31', cgroups: 'any'},
    {
      version: '26.04',
      codename: 'resolute',
      ...today,
      endOfLife: '2031-05-29',
      cgroups: 'v2',
    },
  ],
  // only releases with long-term support are built
  tags: {newest: ['lts', 'latest']},
  mirrors: {archive: ['http://archive.ubuntu.com/ubuntu'], security: ['http://security.ubuntu.com/ubuntu']},
  bootstrap: ({release}) =>
    mmdebstrap({
      ...archiveOf(release),
      components: ['main', 'restricted', 'universe', 'multiverse'],
      packages: [...packages, ...release.packages],
      hooks: release.hooks,
    }),
  configure: ({release}) => [
    deb822Sources({name: 'ubuntu', keyring}),
    locale('en_US.UTF-8'),
    // /etc/resolv.conf is osctld's
    systemdInContainer({mask: ['systemd-resolved.service', ...release.mask]}),
    notStarted('systemd-networkd.service', 'systemd-networkd.socket', 'systemd-networkd-wait-online.service'),
    openssh(),
  ],
  osctl: {hostname: etcHostname, network: ifupdown},
  listPackages: dpkgPackages,
  trial: (context) => aptTrial('tree', 'tree', context),
  listSources: aptSources,
  mirrorsTogether: ({release}) => aptPlaces(archiveOf(release)),
  checkMirror: checkAptMirror(archiveOf),
  seal: {remove: dpkgResidue},
});
