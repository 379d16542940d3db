import {base} from '../../builders/base.ts';
import {defineBuilder} from '../../src/recipe/builder.ts';
import {openrcServices} from '../shared/openrc/index.ts';
import {defineStandIn, keysFolder, mirrorFolder} from '../shared/stand-in.ts';
import {bootstrapUserland, splitUserland} from '../shared/userland.ts';

/** Where the files of the stage3 archives are in the container. */
const files = '/srv/gentoo';
const parts = '/srv/parts';

/** Files of these Debian packages are no part of every stage3 archive. */
const groups = {
  openrc: ['openrc', 'librc1', 'libeinfo1', 'sysvinit-core', 'insserv'],
  systemd: ['systemd', 'libsystemd-shared', 'udev'],
  vim: ['vim-tiny', 'vim-common'],
  dhcpcd: ['dhcpcd-base'],
  tree: ['tree'],
};

/** What the archives have in common beside Debian's minimum. */
const common = 'busybox openssh-server iproute2 iputils-ping curl gpg gpg-agent kmod xz-utils'.split(' ');

/** What only some of them have, or none: that are binary packages. */
const particular = ['openrc', 'sysvinit-core', 'systemd', 'udev', 'vim-tiny', 'dhcpcd-base', 'tree'];

/** Two keys, as Gentoo has for releases and for snapshots, and one that nobody trusts. */
const makeKeys = `
  set -e
  export GNUPGHOME=/srv/gnupg
  mkdir -p -m 700 $GNUPGHOME
  for name in releng infrastructure stranger; do
    gpg --batch --quiet --passphrase '' --quick-generate-key $name@example.org ed25519 sign never
  done
  gpg --armor --export releng@example.org infrastructure@example.org > "$0/gentoo-release.asc"`;

export default defineStandIn({
  name: 'gentoo',
  distribution: 'gentoo',
  releases: ['openrc', 'systemd', 'musl'],
  builder: defineBuilder({
    name: 'mirror-gentoo',
    base,
    packages: ['debian-archive-keyring', 'gnupg', 'libcap2-bin', 'mmdebstrap', 'xz-utils'],
  }),
  places: {distfiles: ''},

  async make(tools, flavours) {
    const {copy, run, script} = tools;
    await copy(openrcServices, `${files}/openrc`);
    await copy(new URL('files/', import.meta.url), files);
    await run(['sh', '-c', makeKeys, keysFolder]);
    const tree = '/srv/userland';
    await bootstrapUserland(tools, {packages: [...common, ...particular], tree});
    await run(['mkdir', parts]);
    const versions = `dpkg-query --root="$0" --show --showformat='\${Package} \${Version}\\n' > "$1/versions"`;
    await run(['sh', '-c', versions, tree, parts]);
    await splitUserland(tools, {tree, into: parts, groups, rest: 'base'});
    await script(new URL('prepare', import.meta.url), [parts, files]);
    await script(new URL('publish', import.meta.url), [parts, mirrorFolder, ...flavours]);
  },
});
