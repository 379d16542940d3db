import {
  checkPacmanMirror,
  defineDistribution,
  etcHostname,
  localeConf,
  notStarted,
  openssh,
  pacman,
  pacmanInContainer,
  pacmanLeftovers,
  pacmanPackages,
  pacmanSources,
  pacmanTrial,
  systemdInContainer,
  systemdNetworkd,
} from 'vpsadminos-templates';
import {pacman as builder} from 'vpsadminos-templates/builders/pacman';

/** `base` is Arch's own minimum, systemd and pacman in it; it has no kernel, and nothing here wants one. */
const packages = [
  'base',
  'openssh',
  'ca-certificates',
  'inetutils',
  'less',
  'man-db',
  'vim',
  'fuse3',
  'squashfuse',
];

/** Debian's archlinux-keyring, in the builder. */
const keys = {folder: '/usr/share/keyrings', name: 'archlinux', package: 'archlinux-keyring'};

const options = {repositories: ['core', 'extra'], packages, keys};

export default defineDistribution({
  name: 'arch',
  title: 'Arch Linux',
  family: 'linux',
  builder,
  releases: [{version: 'rolling', codename: 'rolling', dated: 'alone', cgroups: 'v2', tags: ['latest']}],
  mirrors: {archive: ['https://geo.mirror.pkgbuild.com']},
  checkMirror: (context, {url}) => checkPacmanMirror(context, url, options),
  bootstrap: () => pacman(options),
  configure: [
    pacmanInContainer(),
    localeConf('en_US.UTF-8', {generate: true}),
    systemdInContainer(),
    notStarted('getty@tty1.service', 'systemd-resolved.service'),
    openssh({service: 'sshd.service', hostKeys: 'service'}),
  ],
  osctl: {hostname: etcHostname, network: systemdNetworkd},
  listPackages: pacmanPackages,
  trial: () => pacmanTrial('tree', 'tree'),
  listSources: pacmanSources,
  seal: {remove: pacmanLeftovers},
  haltSignal: 'SIGRTMIN+4',
});
