import {type ArchiveRelease, aptArchive, type Change, makeArchive} from '../apt-archive.ts';
import {defineLookAlike} from '../look-alike.ts';

/** What the recipe asks for, but universe's. */
const main = [
  'systemd-sysv',
  'dbus',
  'openssh-server',
  'ca-certificates',
  'locales',
  'iproute2',
  'iputils-ping',
  'net-tools',
  'man-db',
  'less',
  'vim',
];
const signer = 'ftpmaster@ubuntu.example.org';
const universe = ['ifupdown', 'squashfuse'];

/** Ubuntu's identity: what os-release, dpkg's vendor and apt's keyring say. */
function identity(
  {version, name, codename}: {readonly version: string; readonly name: string; readonly codename: string},
  versions: {readonly baseFiles: string; readonly apt: string; readonly keyring: string},
): Change[] {
  const release = `PRETTY_NAME="Ubuntu ${version} LTS"
NAME="Ubuntu"
VERSION_ID="${version}"
VERSION="${version} LTS (${name})"
VERSION_CODENAME=${codename}
ID=ubuntu
ID_LIKE=debian
UBUNTU_CODENAME=${codename}
`;
  return [
    {
      package: 'base-files',
      version: versions.baseFiles,
      script: `
printf %s '${release}' > usr/lib/os-release
printf 'Vendor: Ubuntu\\nVendor-URL: http://www.ubuntu.com/\\nParent: Debian\\n' > etc/dpkg/origins/ubuntu
ln -sf ubuntu etc/dpkg/origins/default
sed -i 's/debian$/ubuntu/' DEBIAN/postinst
echo 'Ubuntu ${version} LTS \\n \\l' > etc/issue`,
    },
    {
      package: 'apt',
      version: versions.apt,
      script: `sed -i 's/debian-archive-keyring/ubuntu-keyring/' DEBIAN/control`,
    },
    {
      package: 'debian-archive-keyring',
      version: versions.keyring,
      script: `
sed -i 's/^Package:.*/Package: ubuntu-keyring/; /^Replaces:/d; /^Breaks:/d' DEBIAN/control
find . -mindepth 1 ! -path './DEBIAN*' -delete
find DEBIAN -type f ! -name control -delete
mkdir -p usr/share/keyrings
gpg --export ${signer} > usr/share/keyrings/ubuntu-archive-keyring.gpg`,
    },
  ];
}

const noble: ArchiveRelease = {
  suite: 'noble',
  version: '24.04',
  from: 'trixie',
  packages: [...main, ...universe, 'fuse3', 'dhcpcd-base', 'usr-is-merged'],
  changes: identity(
    {version: '24.04', name: 'Noble Numbat', codename: 'noble'},
    {baseFiles: '14ubuntu10', apt: '3.2.0ubuntu1', keyring: '2023.11.28.1'},
  ),
  pockets: {
    '-updates': [{package: 'base-files', version: '14ubuntu10.3'}],
    '-security': [{package: 'less', version: '668-1ubuntu0.24.04.1'}],
  },
};

/** Of an older Debian: what apt, systemd and ssh could do years ago. */
const bionic: ArchiveRelease = {
  suite: 'bionic',
  version: '18.04',
  from: 'bullseye',
  packages: [...main, ...universe, 'fuse', 'isc-dhcp-client'],
  changes: identity(
    {version: '18.04', name: 'Bionic Beaver', codename: 'bionic'},
    {baseFiles: '12ubuntu4', apt: '2.4.0ubuntu1', keyring: '2018.09.18.1'},
  ),
  pockets: {
    '-updates': [{package: 'base-files', version: '12ubuntu4.6'}],
    '-security': [{package: 'less', version: '668-1ubuntu0.18.04.1'}],
  },
};

/** Ubuntu's archive as apt sees it: suites, pockets and components, of Debian's binaries. */
export default defineLookAlike({
  name: 'ubuntu',
  distribution: 'ubuntu',
  builder: aptArchive,
  places: {archive: '/ubuntu', security: '/ubuntu'},
  make: (tools) =>
    makeArchive(tools, {
      path: '/ubuntu',
      origin: 'Ubuntu',
      components: ['main', 'restricted', 'universe', 'multiverse'],
      placed: {universe},
      signer,
      releases: [noble, bionic],
    }),
});
