import {apt} from '../../builders/apt.ts';
import {etcHostname} from '../../src/osctl/hostname.ts';
import {ifupdown} from '../../src/osctl/ifupdown.ts';
import {defineDistribution} from '../../src/recipe/distribution.ts';
import {aptSources, deb822Sources, dpkgPackages} from '../../src/rootfs/apt.ts';
import {locale} from '../../src/rootfs/locale.ts';
import {mmdebstrap} from '../../src/rootfs/mmdebstrap.ts';
import {openssh} from '../../src/rootfs/openssh.ts';
import {systemdInContainer} from '../../src/rootfs/systemd.ts';

/** What every Debian template has beside the essential packages and apt. */
export const packages = [
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
  'fuse3',
  'squashfuse',
];

/** From debian-archive-keyring, in the builder as in the template. */
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

const stable = (codename: string) => ({archive: ['-updates'], security: `${codename}-security`});

export default defineDistribution({
  name: 'debian',
  title: 'Debian',
  family: 'linux',
  builder: apt,
  releases: [
    {
      version: '11',
      codename: 'bullseye',
      pockets: stable('bullseye'),
      endOfLife: '2026-08-31',
      cgroups: 'any',
      dhcp: 'isc-dhcp-client',
    },
    {
      version: '12',
      codename: 'bookworm',
      pockets: stable('bookworm'),
      endOfLife: '2028-06-30',
      cgroups: 'any',
      dhcp: 'isc-dhcp-client',
      tags: ['oldstable'],
    },
    {
      version: '13',
      codename: 'trixie',
      pockets: stable('trixie'),
      endOfLife: '2030-06-30',
      cgroups: 'v2',
      dhcp: 'dhcpcd-base',
      tags: ['stable', 'latest'],
    },
    {
      version: 'testing',
      codename: 'testing',
      pockets: {archive: []},
      dated: true,
      cgroups: 'v2',
      dhcp: 'dhcpcd-base',
      tags: ['testing'],
    },
    {
      version: 'unstable',
      codename: 'unstable',
      pockets: {archive: []},
      dated: true,
      cgroups: 'v2',
      dhcp: 'dhcpcd-base',
      tags: ['unstable'],
    },
  ],
  mirrors: {archive: [], security: []},
  bootstrap: ({release}) =>
    mmdebstrap({
      suite: release.codename,
      pockets: release.pockets,
      keyring,
      packages: [...packages, release.dhcp],
    }),
  configure: [
    deb822Sources({name: 'debian', keyring}),
    locale('en_US.UTF-8'),
    systemdInContainer(),
    openssh(),
  ],
  osctl: {hostname: etcHostname, network: ifupdown},
  packages: dpkgPackages,
  sources: aptSources,
  seal: {
    remove: [
      '/etc/apt/apt.conf.d/99mmdebstrap',
      '/var/cache/apt/*',
      '/var/cache/debconf/*-old',
      '/var/lib/apt/lists/*',
      '/var/lib/dpkg/*-old',
    ],
  },
});
