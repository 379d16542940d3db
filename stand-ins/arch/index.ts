import {pacman} from '../../builders/pacman.ts';
import {defineBuilder} from '../../src/recipe/builder.ts';
import {defineStandIn} from '../shared/stand-in.ts';
import {bootstrapUserland, splitUserland} from '../shared/userland.ts';

const builder = defineBuilder({
  name: 'arch-mirror',
  base: pacman,
  packages: ['libarchive-tools', 'mmdebstrap', 'zstd'],
});

/** Arch's packages with the Debian packages whose files they get; `filesystem` gets the rest. */
const core = {
  glibc: ['libc6', 'libc-bin', 'locales', 'tzdata'],
  bash: ['bash'],
  'ca-certificates': ['ca-certificates', 'openssl'],
  gnupg: ['gpg', 'gpg-agent', 'gpgconf', 'gpgv'],
  inetutils: ['hostname'],
  iproute2: ['iproute2'],
  less: ['less'],
  openssh: ['openssh-server', 'openssh-client', 'openssh-sftp-server'],
  pacman: ['pacman-package-manager'],
  shadow: ['passwd', 'login', 'login.defs'],
  systemd: ['systemd', 'systemd-resolved', 'udev', 'dbus', 'libnss-systemd'],
  'systemd-sysvcompat': ['systemd-sysv'],
};
const extra = {
  fuse3: ['fuse3'],
  'man-db': ['man-db'],
  squashfuse: ['squashfuse'],
  tree: ['tree'],
  vim: ['vim-tiny', 'vim-common'],
};

const tree = '/srv/userland';
const packages = '/srv/packages';
/** The repositories of Arch Linux: zst packages with detached signatures, and databases that are not signed. */
export default defineStandIn({
  name: 'arch',
  distribution: 'arch',
  releases: ['rolling'],
  builder,
  places: {archive: ''},

  async make(tools) {
    const groups = {...core, ...extra};
    await bootstrapUserland(tools, {tree, packages: Object.values(groups).flat()});
    await splitUserland(tools, {tree, into: packages, groups, rest: 'filesystem'});
    // what is Arch's in a package, and not Debian's
    await tools.copy(new URL('files/', import.meta.url), '/srv/overlay');
    const script = (name: string, ...rest: readonly string[]) =>
      tools.script(new URL(name, import.meta.url), [packages, ...rest]);
    await script('prepare');
    await script('publish', 'core', 'base', 'filesystem', 'archlinux-keyring', ...Object.keys(core));
    await script('publish', 'extra', ...Object.keys(extra));
  },
});
