/** A release of Fedora or CentOS Stream as a look-alike has it. */
export interface RedHatRelease {
  /** Unique: `fedora-45`. */
  readonly name: string;
  readonly title: string;
  readonly releasever: string;
  readonly osRelease: string;
  /** The folder of rpm's database. */
  readonly rpmdb: string;
  readonly packages: {
    readonly release: string;
    readonly repos: string;
    readonly keys: string;
    /** That nothing is needed of. */
    readonly others: readonly string[];
  };
  /** What the file of the key is called. */
  readonly keyFile: string;
  readonly repoFile: {readonly name: string; readonly content: string};
  /** The repositories, by their path on the server. */
  readonly repositories: Readonly<Record<string, 'everything' | 'updates' | 'nothing'>>;
}

const fedora = (
  version: string,
  releasever: string,
  repositories: RedHatRelease['repositories'],
): RedHatRelease => ({
  name: `fedora-${version}`,
  title: `Fedora release ${releasever}`,
  releasever,
  osRelease: osRelease('fedora', 'Fedora Linux', releasever),
  rpmdb: '/usr/lib/sysimage/rpm',
  packages: {
    release: 'fedora-release',
    repos: 'fedora-repos',
    keys: 'fedora-gpg-keys',
    others: ['fedora-release-common', ...(version === 'rawhide' ? ['fedora-repos-rawhide'] : [])],
  },
  keyFile: `RPM-GPG-KEY-fedora-${releasever}-x86_64`,
  repoFile: {
    name: 'fedora.repo',
    content: `[${version === 'rawhide' ? 'rawhide' : 'fedora'}]
name=Fedora $releasever - $basearch
metalink=https://mirrors.fedoraproject.org/metalink?repo=fedora-$releasever&arch=$basearch
enabled=1
gpgcheck=1
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-fedora-$releasever-$basearch

[fedora-source]
name=Fedora $releasever - Source
metalink=https://mirrors.fedoraproject.org/metalink?repo=fedora-source-$releasever&arch=$basearch
enabled=0
gpgcheck=1
`,
  },
  repositories,
});

export const fedoraReleases: readonly RedHatRelease[] = [
  fedora('45', '45', {
    '/pub/fedora/linux/releases/45/Everything/x86_64/os': 'everything',
    '/pub/fedora/linux/updates/45/Everything/x86_64': 'updates',
  }),
  fedora('44', '44', {
    '/pub/fedora/linux/releases/44/Everything/x86_64/os': 'everything',
    '/pub/fedora/linux/updates/44/Everything/x86_64': 'updates',
  }),
  fedora('rawhide', '46', {
    '/pub/fedora/linux/development/rawhide/Everything/x86_64/os': 'everything',
  }),
];

const stream = (version: string, rpmdb: string): RedHatRelease => ({
  name: `centos-${version}-stream`,
  title: `CentOS Stream release ${version}`,
  releasever: version,
  osRelease: osRelease('centos', 'CentOS Stream', version),
  rpmdb,
  packages: {
    release: 'centos-stream-release',
    repos: 'centos-stream-repos',
    keys: 'centos-gpg-keys',
    others: [],
  },
  keyFile: 'RPM-GPG-KEY-centosofficial',
  repoFile: {
    name: 'centos.repo',
    content: `[baseos]
name=CentOS Stream $releasever - BaseOS
metalink=https://mirrors.centos.org/metalink?repo=centos-baseos-$stream&arch=$basearch&protocol=https,http
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-centosofficial
gpgcheck=1
repo_gpgcheck=0
enabled=1

[appstream]
name=CentOS Stream $releasever - AppStream
metalink=https://mirrors.centos.org/metalink?repo=centos-appstream-$stream&arch=$basearch&protocol=https,http
gpgkey=file:///etc/pki/rpm-gpg/RPM-GPG-KEY-centosofficial
gpgcheck=1
repo_gpgcheck=0
enabled=1
`,
  },
  repositories: {
    [`/centos-stream/${version}-stream/BaseOS/x86_64/os`]: 'everything',
    [`/centos-stream/${version}-stream/AppStream/x86_64/os`]: 'nothing',
  },
});

export const streamReleases: readonly RedHatRelease[] = [
  stream('9', '/var/lib/rpm'),
  stream('10', '/usr/lib/sysimage/rpm'),
];

function osRelease(id: string, name: string, version: string): string {
  return `NAME="${name}"\nVERSION="${version}"\nID=${id}\nVERSION_ID=${version}\nPRETTY_NAME="${name} ${version}"\n`;
}
