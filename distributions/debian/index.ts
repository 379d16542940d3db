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
  files,
  ifupdown,
  locale,
  mmdebstrap,
  oneLineSources,
  openssh,
  systemdInContainer,
} from 'vpsadminos-templates';
import {apt} from 'vpsadminos-templates/builders/apt';
import {type DebianRelease, releases} from './releases.ts';

/** What every Debian template has beside the essential packages and apt, FUSE and a DHCP client. */
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
];

export const packagesOf = ({fuse, dhcp}: DebianRelease) => [...packages, ...fuse, dhcp];

/** From debian-archive-keyring: the keys in the template, and in the builder those of releases that are kept. */
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';
const removedKeys = '/usr/share/keyrings/debian-archive-removed-keys.gpg';

const archiveOf = ({codename, pockets, places, legacy = false}: DebianRelease) => ({
  suite: codename,
  pockets,
  places,
  keyring: legacy ? removedKeys : keyring,
  accept: {expired: legacy},
});

const sources = {name: 'debian', keyring};
/** apt's gpgv where the keys have expired; jessie's apt knows the first name of the option, later ones the second. */
const gpgv = '/usr/lib/vpsadminos/gpgv-when-signed';
const whenSigned = {'Dir::Bin::gpg': gpgv, 'Apt::Key::gpgvcommand': gpgv};

// jessie's apt is 1.0
const sourcesOf = ({codename}: DebianRelease) =>
  codename === 'jessie' ? oneLineSources(sources) : deb822Sources(sources);

export default defineDistribution<DebianRelease>({
  name: 'debian',
  title: 'Debian',
  family: 'linux',
  builder: apt,
  releases,
  tags: {newest: ['stable', 'latest'], previous: ['oldstable']},
  mirrors: {
    // mmdebstrap's own
    archive: [],
    security: [],
    archived: ['http://archive.kernel.org/debian-archive/debian'],
    'archived-security': ['http://archive.kernel.org/debian-archive/debian-security'],
  },
  bootstrap: ({release}) =>
    mmdebstrap({
      ...archiveOf(release),
      packages: packagesOf(release),
      hooks: release.codename === 'jessie' ? ['maybe-jessie-or-older'] : [],
    }),
  configure: ({release}) => [
    sourcesOf(release),
    locale('en_US.UTF-8'),
    systemdInContainer({mask: release.legacy ? ['proc-sys-fs-binfmt_misc.automount'] : []}),
    openssh(),
    ...(release.legacy ? [files('files/archived')] : []),
    ...(release.codename === 'jessie' ? [files('files/jessie')] : []),
  ],
  osctl: {hostname: etcHostname, network: ifupdown},
  listPackages: dpkgPackages,
  trial: (context) => aptTrial('tree', 'tree', context, context.release.legacy ? whenSigned : {}),
  listSources: aptSources,
  mirrorsTogether: ({release}) => aptPlaces(archiveOf(release)),
  checkMirror: checkAptMirror(archiveOf),
  seal: {remove: dpkgResidue},
});
