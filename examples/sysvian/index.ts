import {apt} from '../../builders/apt.ts';
import {scriptHooks} from '../../src/osctl/script-hooks.ts';
import {defineDistribution} from '../../src/recipe/distribution.ts';
import {step} from '../../src/recipe/step.ts';
import {aptSources, deb822Sources, dpkgPackages, dpkgResidue} from '../../src/rootfs/apt/apt.ts';
import {mmdebstrap} from '../../src/rootfs/apt/mmdebstrap.ts';
import {files} from '../../src/rootfs/files.ts';
import {openssh} from '../../src/rootfs/openssh.ts';

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
  packages: dpkgPackages,
  sources: aptSources,
  seal: {remove: dpkgResidue},
});
