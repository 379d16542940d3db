import type {RpmPackage} from './rpm.ts';

/** A distribution whose packages are mostly the same. */
export interface OldDistribution {
  readonly name: string;
  readonly title: string;
  readonly release: string;
  /** Its own packages; one that is named in `files` has those of a folder of `old-red-hat`. */
  readonly packages: readonly RpmPackage[];
  readonly files: Readonly<Record<string, string>>;
  /** The package that has the distribution's key, and where. */
  readonly key: {readonly package: string; readonly path: string};
  readonly os: string;
  readonly updates: string;
}

const needsFiles = {requires: ['filesystem']};

const archive = '/pub/archive/fedora/linux';

/** A release of Fedora's, and where the archive has its updates. */
const fedora = (number: string, updates: string): OldDistribution => ({
  name: `fedora${number}`,
  title: `fedora-${number}`,
  release: `1.fc${number}`,
  packages: [
    {name: 'fedora-release', provides: ['system-release']},
    {name: 'fedora-repos', ...needsFiles},
    {name: 'dhcp-client', requires: ['dhclient']},
    ...['glibc-langpack-en', 'systemd-pam', 'systemd-udev'].map((name) => ({name, ...needsFiles})),
  ],
  files: {'fedora-release': `fedora-release-${number}`, 'fedora-repos': 'fedora-repos'},
  key: {package: 'fedora-repos', path: `/etc/pki/rpm-gpg/RPM-GPG-KEY-fedora-${number}-x86_64`},
  os: `${archive}/releases/${number}/Everything/x86_64/os`,
  updates: `${archive}/updates/${number}${updates}`,
});

/** CentOS 7 and Fedora 28 and 27: what each has beside the packages that all have. */
export const distributions: readonly OldDistribution[] = [
  {
    name: 'centos',
    title: 'centos-7',
    release: '9.2009.el7.centos',
    packages: [
      {name: 'centos-release', provides: ['system-release']},
      {name: 'yum', requires: ['dnf']},
    ],
    files: {'centos-release': 'centos-release'},
    key: {package: 'centos-release', path: '/etc/pki/rpm-gpg/RPM-GPG-KEY-CentOS-7'},
    os: '/7.9.2009/os/x86_64',
    updates: '/7.9.2009/updates/x86_64',
  },
  fedora('28', '/Everything/x86_64'),
  fedora('27', '/x86_64'),
];
