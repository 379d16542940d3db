import {base} from '../../../builders/base.ts';
import {defineBuilder} from '../../../src/recipe/builder.ts';
import {readFolder} from '../../../src/rootfs/files.ts';
import {defineLookAlike, keysFolder, mirrorFolder} from '../look-alike.ts';
import {bootstrapUserland, splitUserland} from '../userland.ts';

/** Where the scripts and the files of the stage3 archives are in the container. */
const own = '/srv/gentoo';
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

export default defineLookAlike({
  name: 'gentoo',
  distribution: 'gentoo',
  builder: defineBuilder({
    name: 'mirror-gentoo',
    base,
    packages: ['debian-archive-keyring', 'gnupg', 'libcap2-bin', 'mmdebstrap', 'xz-utils'],
  }),
  places: {distfiles: ''},

  async make(tools) {
    const {run, write} = tools;
    for (const entry of await readFolder(new URL('gentoo/', import.meta.url))) {
      if (!('content' in entry)) continue;
      await write(`${own}${entry.path}`, entry.content);
      if (entry.mode === 0o755) await run(['chmod', '+x', `${own}${entry.path}`]);
    }
    await run(['sh', '-c', makeKeys, keysFolder]);
    const tree = '/srv/userland';
    await bootstrapUserland(tools, {packages: [...common, ...particular], tree});
    await run(['mkdir', parts]);
    const versions = `dpkg-query --root="$0" --show --showformat='\${Package} \${Version}\\n' > "$1/versions"`;
    await run(['sh', '-c', versions, tree, parts]);
    await splitUserland(tools, {tree, into: parts, groups, rest: 'base'});
    await run([`${own}/prepare`, parts]);
    await run([`${own}/publish`, parts, mirrorFolder]);
  },
});
