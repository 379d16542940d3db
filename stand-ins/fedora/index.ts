import {redHatPackages} from '../shared/red-hat/index.ts';
import {makeReleases, makeReplaced, osRelease, type RedHatRelease} from '../shared/red-hat/release.ts';
import {rpmTools} from '../shared/rpm/index.ts';
import {defineStandIn} from '../shared/stand-in.ts';

const fedora = (
  version: string,
  releasever: string,
  repositories: RedHatRelease['repositories'],
): RedHatRelease => ({
  version,
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

const releases = [
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

/** Fedora's mirror. What of Fedora is not real: everything but the names, formats and signatures. */
export default defineStandIn({
  name: 'fedora',
  distribution: 'fedora',
  releases: releases.map(({version}) => version),
  builder: rpmTools,
  parts: [redHatPackages],
  places: {linux: '/pub/fedora/linux'},
  async make(tools, wanted) {
    const chosen = releases.filter(({version}) => wanted.includes(version));
    await makeReleases(tools, chosen);
    const [first] = chosen;
    if (first !== undefined) await makeReplaced(tools, first);
  },
});
