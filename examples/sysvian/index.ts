import {apt} from '../../builders/apt.ts';
import {scriptHooks} from '../../src/osctl/script-hooks.ts';
import {defineDistribution} from '../../src/recipe/distribution.ts';
import {step} from '../../src/recipe/step.ts';
import {aptSources, deb822Sources, dpkgPackages, dpkgResidue} from '../../src/rootfs/apt.ts';
import {files} from '../../src/rootfs/files.ts';
import {mmdebstrap} from '../../src/rootfs/mmdebstrap.ts';
import {openssh} from '../../src/rootfs/openssh.ts';

const packages = [
  'sysvinit-core',
  'openssh-server',
  'ca-certificates',
  'fuse3',
  'iproute2',
  'less',
  'nano',
  'squashfuse',
];

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** First boot, and only there: what containers must not share. */
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
      pockets: {archive: ['-updates'], security: 'trixie-security'},
      endOfLife: '2030-06-30',
      cgroups: 'any',
      tags: ['stable', 'latest'],
    },
  ],
  mirrors: {archive: [], security: []},
  bootstrap: ({release}) =>
    mmdebstrap({suite: release.codename, pockets: release.pockets, keyring, packages}),
  configure: [
    deb822Sources({name: 'sysvian', keyring}),
    files('files'),
    openssh({hostKeys: 'service'}),
    firstBoot,
  ],
  osctl: scriptHooks,
  packages: dpkgPackages,
  sources: aptSources,
  seal: {remove: dpkgResidue},
});
