import {redHatPackages} from '../shared/red-hat/index.ts';
import {makeReleases, osRelease, type RedHatRelease} from '../shared/red-hat/release.ts';
import {rpmTools} from '../shared/rpm/index.ts';
import {defineStandIn} from '../shared/stand-in.ts';

const stream = (version: string, rpmdb: string): RedHatRelease => ({
  version: `${version}-stream`,
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

const releases = [stream('9', '/var/lib/rpm'), stream('10', '/usr/lib/sysimage/rpm')];

/** CentOS Stream's mirror. */
export default defineStandIn({
  name: 'centos',
  distribution: 'centos',
  releases: releases.map(({version}) => version),
  builder: rpmTools,
  parts: [redHatPackages],
  places: {stream: '/centos-stream'},
  make: (tools, wanted) =>
    makeReleases(
      tools,
      releases.filter(({version}) => wanted.includes(version)),
    ),
});
