import {
  aptSources,
  deb822Sources,
  defineDistribution,
  dpkgPackages,
  dpkgResidue,
  mmdebstrap,
  openssh,
  scriptHooks,
} from 'vpsadminos-templates';
import {apt} from 'vpsadminos-templates/builders/apt';

/** What is installed beside the essential packages and apt. */
const packages = [
  '____', // the init: systemd-sysv, sysvinit-core
  'openssh-server',
  'ca-certificates',
  'iproute2',
  'less',
  'nano',
];

const keyring = '____'; // the keys that sign its packages: a file that the builder and the template have

export default defineDistribution({
  name: 'distribution',
  title: '____', // as people write it: Void Linux
  family: 'linux',
  builder: apt,
  releases: [
    {
      version: '____', // as in template ids: 13
      codename: '____', // the suite's name: trixie
      endOfLife: '____', // the day its support ends: 2030-06-30
      cgroups: 'any',
      tags: ['latest'],
    },
  ],
  // its own mirrors, best first; an empty list leaves it to mmdebstrap, which knows Debian's
  mirrors: {archive: [], security: []},
  bootstrap: ({release}) =>
    mmdebstrap({
      suite: release.codename,
      pockets: {archive: ['-updates'], security: `${release.codename}-security`},
      keyring,
      packages,
    }),
  configure: [deb822Sources({name: 'distribution', keyring}), openssh()],
  // for a distribution that osctld knows: its hostname and network backends from src/osctl
  osctl: scriptHooks,
  listPackages: dpkgPackages,
  listSources: aptSources,
  seal: {remove: dpkgResidue},
});
