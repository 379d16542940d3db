import {
  aptSources,
  deb822Sources,
  defineDistribution,
  dpkgPackages,
  dpkgResidue,
  files,
  mmdebstrap,
  openssh,
  scriptHooks,
  step,
} from 'vpsadminos-templates';
import {apt} from 'vpsadminos-templates/builders/apt';

/** What is installed beside the essential packages and apt. */
const packages = ['sysvinit-core', 'openssh-server', 'ca-certificates', 'iproute2', 'less', 'nano'];

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Makes, on first boot, what containers must not share. */
const firstBoot = step('first boot', (rootfs) =>
  rootfs.run(['update-rc.d', 'first-boot', 'defaults']).then(() => undefined),
);

export default defineDistribution({
  name: 'sysvian',
  title: 'Sysvian',
  family: 'linux',
  builder: apt,
  releases: [
    {
      version: '13',
      codename: 'trixie',
      endOfLife: '2030-06-30',
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
  configure: [
    deb822Sources({name: 'sysvian', keyring}),
    files('files'),
    firstBoot,
    openssh({hostKeys: 'service'}),
  ],
  // for a distribution that osctld knows: its hostname and network backends from src/osctl
  osctl: scriptHooks,
  listPackages: dpkgPackages,
  listSources: aptSources,
  seal: {remove: dpkgResidue},
});
