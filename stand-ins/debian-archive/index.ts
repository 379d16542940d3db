import {type ArchiveRelease, aptArchive, initOfCgroupV1, makeArchive} from '../shared/apt-archive/index.ts';
import {defineStandIn, keysFolder} from '../shared/stand-in.ts';

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
  'fuse',
  'isc-dhcp-client',
  // which no template has, to be installed in a container
  'tree',
];

const old = ({
  suite,
  version,
  changes = [],
}: Pick<ArchiveRelease, 'suite' | 'version' | 'changes'>): ArchiveRelease => ({
  changes,
  suite,
  version,
  // the oldest that Debian still has; its apt reads one-line sources too
  from: 'bullseye',
  packages,
  pockets: {'/updates': [{package: 'less', version: `668-1+deb${version}u1`}]},
  elsewhere: {'/updates': '/debian-archive/debian-security'},
  validUntil: '2018-07-01',
});

const releases = [
  old({suite: 'jessie', version: '8', changes: [initOfCgroupV1('247.3-99+deb8u1')]}),
  old({suite: 'stretch', version: '9'}),
];

/**
 * Debian's archive of old releases: what was signed years ago by a key that has expired since, and stays as it was.
 * Debian's own keys go with it, as configured keys are a distribution's only ones, and its other releases are real.
 */
export default defineStandIn({
  name: 'debian-archive',
  distribution: 'debian',
  releases: releases.map(({version}) => version),
  builder: aptArchive,
  places: {archived: '/debian-archive/debian', 'archived-security': '/debian-archive/debian-security'},
  async make(tools, wanted) {
    await tools.run(['cp', '/usr/share/keyrings/debian-archive-keyring.gpg', keysFolder]);
    await makeArchive(tools, {
      path: '/debian-archive/debian',
      origin: 'Debian',
      components: ['main'],
      signer: 'ftpmaster@debian.example.org',
      signed: {on: '20180617T120000', keyExpires: '2022-11-19'},
      releases: releases.filter(({version}) => wanted.includes(version)),
    });
  },
});
