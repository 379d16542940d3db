import {
  type ArchiveRelease,
  aptArchive,
  type Change,
  initOfCgroupV1,
  makeArchive,
} from '../shared/apt-archive/index.ts';
import {defineStandIn} from '../shared/stand-in.ts';

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
// with one that no template has, to be installed in a container
const universe = ['ifupdown', 'squashfuse', 'tree'];

interface Identity {
  readonly version: string;
  readonly name: string;
  readonly codename: string;
  /** The versions of packages that are Ubuntu's own, which must be newer than Debian's; updates add to base-files'. */
  readonly baseFiles: string;
  readonly apt: string;
  readonly keyring: string;
}

/** Ubuntu's identity: what os-release, dpkg's vendor and apt's keyring say. */
function identity({version, name, codename, baseFiles, apt, keyring}: Identity): Change[] {
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
      version: baseFiles,
      script: `
printf %s '${release}' > usr/lib/os-release
printf 'Vendor: Ubuntu\\nVendor-URL: http://www.ubuntu.com/\\nParent: Debian\\n' > etc/dpkg/origins/ubuntu
ln -sf ubuntu etc/dpkg/origins/default
sed -i 's/debian$/ubuntu/' DEBIAN/postinst
echo 'Ubuntu ${version} LTS \\n \\l' > etc/issue`,
    },
    {
      package: 'apt',
      version: apt,
      script: `sed -i 's/debian-archive-keyring/ubuntu-keyring/' DEBIAN/control`,
    },
    {
      package: 'debian-archive-keyring',
      version: keyring,
      script: `
sed -i 's/^Package:.*/Package: ubuntu-keyring/; /^Replaces:/d; /^Breaks:/d' DEBIAN/control
find . -mindepth 1 ! -path './DEBIAN*' -delete
find DEBIAN -type f ! -name control -delete
mkdir -p usr/share/keyrings
gpg --export ${signer} > usr/share/keyrings/ubuntu-archive-keyring.gpg`,
    },
  ];
}

function release(
  from: string,
  own: readonly string[],
  names: Identity,
  more: readonly Change[] = [],
): ArchiveRelease {
  const {version, codename, baseFiles} = names;
  return {
    suite: codename,
    version,
    from,
    packages: [...main, ...universe, ...own],
    changes: [...identity(names), ...more],
    pockets: {
      '-updates': [{package: 'base-files', version: `${baseFiles}.3`}],
      '-security': [{package: 'less', version: `668-1ubuntu0.${version}.1`}],
    },
  };
}

const newer = ['fuse3', 'dhcpcd-base', 'usr-is-merged'];
const releases = [
  release('trixie', newer, {
    ...{version: '26.04', name: 'Resolute Raccoon', codename: 'resolute'},
    ...{baseFiles: '15ubuntu1', apt: '3.4.0ubuntu1', keyring: '2025.01.1'},
  }),
  release('trixie', newer, {
    ...{version: '24.04', name: 'Noble Numbat', codename: 'noble'},
    ...{baseFiles: '14ubuntu10', apt: '3.2.0ubuntu1', keyring: '2023.11.28.1'},
  }),
  // of an older Debian: what apt, systemd and ssh could do years ago, with /usr still apart
  release('bullseye', ['fuse3', 'isc-dhcp-client'], {
    ...{version: '22.04', name: 'Jammy Jellyfish', codename: 'jammy'},
    ...{baseFiles: '12ubuntu5', apt: '2.4.5', keyring: '2021.03.26'},
  }),
  release('bullseye', ['fuse', 'isc-dhcp-client'], {
    ...{version: '18.04', name: 'Bionic Beaver', codename: 'bionic'},
    ...{baseFiles: '12ubuntu4', apt: '2.4.0ubuntu1', keyring: '2018.09.18.1'},
  }),
  release(
    'bullseye',
    ['fuse', 'isc-dhcp-client'],
    {
      ...{version: '16.04', name: 'Xenial Xerus', codename: 'xenial'},
      ...{baseFiles: '12ubuntu1', apt: '2.3.0ubuntu1', keyring: '2012.05.19'},
    },
    [initOfCgroupV1('247.3-99ubuntu1')],
  ),
];

/** Ubuntu's archive as apt sees it: suites, pockets and components, of Debian's binaries. */
export default defineStandIn({
  name: 'ubuntu',
  distribution: 'ubuntu',
  releases: releases.map(({version}) => version),
  builder: aptArchive,
  places: {archive: '/ubuntu', security: '/ubuntu'},
  make: (tools, wanted) =>
    makeArchive(tools, {
      path: '/ubuntu',
      origin: 'Ubuntu',
      components: ['main', 'restricted', 'universe', 'multiverse'],
      placed: {universe},
      signer,
      releases: releases.filter(({version}) => wanted.includes(version)),
    }),
});
