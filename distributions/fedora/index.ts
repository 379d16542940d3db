import {
  checkDnfMirror,
  type DnfOptions,
  defineDistribution,
  dnf,
  dnfTrial,
  inContainer,
  initscripts,
  minimal,
  networkManager,
  rpmPackages,
  sysconfigHostname,
  yumRepositories,
} from 'vpsadminos-templates';
import {dnf as builder} from 'vpsadminos-templates/builders/dnf';
import {old} from './old.ts';

/** What every Fedora template has, without weak dependencies. */
const packages = ['fedora-release', 'fedora-repos', 'fedora-gpg-keys', ...minimal, 'squashfuse'];

/** From Debian's distribution-gpg-keys, in the builder. */
const key = (name: string) => `/usr/share/distribution-gpg-keys/fedora/RPM-GPG-KEY-fedora-${name}-primary`;

interface FedoraOptions {
  readonly place: string;
  readonly repositories: DnfOptions['repositories'];
  readonly key: string;
  readonly more?: readonly string[];
}

const stable = (version: string): FedoraOptions => ({
  place: 'linux',
  repositories: {
    fedora: `releases/${version}/Everything/x86_64/os`,
    updates: `updates/${version}/Everything/x86_64`,
  },
  key: key(version),
});

const options = (release: FedoraOptions & {readonly codename: string}): DnfOptions => ({
  place: release.place,
  repositories: release.repositories,
  releasever: release.codename,
  keys: [release.key],
  packages: [...packages, ...(release.more ?? [])],
});

export default defineDistribution({
  name: 'fedora',
  title: 'Fedora',
  family: 'linux',
  builder,
  releases: [
    {version: '44', codename: '44', ...stable('44'), endOfLife: '2027-06-02', cgroups: 'v2'},
    {
      version: '45',
      codename: '45',
      ...stable('45'),
      endOfLife: '2027-12-08',
      cgroups: 'v2',
    },
    {
      version: 'rawhide',
      // the release it becomes, whose key signs it
      codename: '46',
      place: 'linux',
      repositories: {rawhide: 'development/rawhide/Everything/x86_64/os'},
      key: key('46'),
      more: ['fedora-repos-rawhide'],
      dated: true,
      cgroups: 'v2',
      tags: ['unstable', 'rawhide'],
    },
    ...old.releases,
  ],
  tags: {newest: ['stable', 'latest']},
  mirrors: {linux: ['https://dl.fedoraproject.org/pub/fedora/linux'], ...old.mirrors},
  bootstrap: ({release}) => (old.has(release) ? old.bootstrap(release) : dnf(options(release))),
  configure: inContainer,
  osctl: ({release}) => ({
    hostname: sysconfigHostname,
    network: old.has(release) ? initscripts : networkManager,
  }),
  listPackages: rpmPackages,
  trial: (context) =>
    old.has(context.release)
      ? old.trial(context.release, context)
      : dnfTrial('tree', 'tree', options(context.release), context),
  listSources: yumRepositories,
  checkMirror: (context, place) =>
    old.hasPlace(place)
      ? old.checkMirror(context, place)
      : checkDnfMirror({...options(context.release), probe: 'fedora-release-common'}, context, place),
  seal: {remove: ['/var/cache/dnf', '/var/cache/libdnf5', '/var/lib/dnf', '/var/lib/rpm/__db.*']},
});
