import {
  checkDnfMirror,
  type DnfOptions,
  defineDistribution,
  dnf,
  dnfTrial,
  inContainer,
  minimal,
  networkManager,
  rpmPackages,
  sysconfigHostname,
  yumRepositories,
} from 'vpsadminos-templates';
import {dnf as builder} from 'vpsadminos-templates/builders/dnf';
import {seven} from './seven.ts';

/** What every template of CentOS Stream has, without weak dependencies. */
const release = ['centos-stream-release', 'centos-stream-repos', 'centos-gpg-keys'];
const packages = [...release, ...minimal, 'yum', 'cronie'];

interface StreamRelease {
  /** `9`, as `$releasever` has it. */
  readonly codename: string;
  readonly rpmdb: string;
}

const options = ({codename, rpmdb}: StreamRelease): DnfOptions => ({
  place: 'stream',
  repositories: {
    baseos: `${codename}-stream/BaseOS/x86_64/os`,
    appstream: `${codename}-stream/AppStream/x86_64/os`,
  },
  releasever: codename,
  // from Debian's distribution-gpg-keys, in the builder; one key, certified anew by means of SHA-256
  keys: ['/usr/share/distribution-gpg-keys/centos/RPM-GPG-KEY-CentOS-Official-SHA256'],
  packages,
  rpmdb,
});

const isSeven = ({version}: {readonly version: string}) => version === seven.release.version;

/** What both releases of Stream have in common; CentOS 7 is another system. */
const stream = {
  configure: inContainer,
  osctl: {hostname: sysconfigHostname, network: networkManager},
};

export default defineDistribution({
  name: 'centos',
  title: 'CentOS',
  family: 'linux',
  builder,
  releases: [
    {
      version: '9-stream',
      codename: '9',
      rpmdb: '/var/lib/rpm',
      dated: true,
      endOfLife: '2027-05-31',
      cgroups: 'any',
      tags: ['latest-9-stream'],
    },
    {
      version: '10-stream',
      codename: '10',
      rpmdb: '/usr/lib/sysimage/rpm',
      dated: true,
      endOfLife: '2030-01-01',
      cgroups: 'v2',
      tags: ['latest-10-stream'],
    },
    seven.release,
  ],
  tags: {newest: ['stable', 'latest']},
  mirrors: {stream: ['https://mirror.stream.centos.org'], vault: ['http://vault.centos.org']},
  bootstrap: ({release}) => (isSeven(release) ? seven.bootstrap : dnf(options(release))),
  configure: ({release}) => (isSeven(release) ? seven : stream).configure,
  osctl: ({release}) => (isSeven(release) ? seven : stream).osctl,
  listPackages: rpmPackages,
  trial: (context) =>
    isSeven(context.release)
      ? seven.trial(context)
      : dnfTrial('tree', 'tree', options(context.release), context),
  listSources: yumRepositories,
  checkMirror: (context, place) =>
    place.name === 'vault'
      ? checkDnfMirror({...seven.options, probe: 'centos-release'}, context, place)
      : checkDnfMirror({...options(context.release), probe: 'centos-stream-release'}, context, place),
  seal: {remove: ['/var/cache/dnf', '/var/cache/yum', '/var/lib/yum', '/var/lib/rpm/__db.*']},
});
