import {nix} from '../../builders/nix.ts';
import {defineBuilder} from '../../src/recipe/builder.ts';
import {defineStandIn, keysFolder, type MakingTools, mirrorFolder} from '../shared/stand-in.ts';
import {bootstrapUserland, splitUserland} from '../shared/userland.ts';

/** Debian's packages by the name that their package has in the stand-in; the rest is called `debian`. */
const groups: Readonly<Record<string, readonly string[]>> = {
  bash: ['bash'],
  busybox: ['busybox-static'],
  coreutils: ['coreutils'],
  dhcpcd: ['dhcpcd-base'],
  iproute2: ['iproute2'],
  nix: ['nix-bin'],
  openssh: ['openssh-server', 'openssh-client', 'openssh-sftp-server'],
  shadow: ['passwd', 'login'],
  systemd: ['systemd', 'systemd-sysv'],
  tree: ['tree'],
  vim: ['vim-tiny', 'vim-common'],
};

/** What comes with those, and what Debian's essential packages lack. */
const others = ['dbus', 'hostname', 'libpam-systemd', 'procps'];

/** The channels that are served: the first part of the version is nixpkgs', the other one the channel's. */
const channels = [
  {version: '26.05', name: 'nixos-26.05', release: '26.05', suffix: '.1000.0123456789ab', evaluation: 1000},
  {
    version: 'unstable',
    name: 'nixos-unstable',
    release: '26.11',
    suffix: 'pre2000.ba9876543210',
    evaluation: 2000,
  },
];

const keyName = 'stand-in.example.org-1';
const userland = '/srv/userland';
const nixConfig =
  'sandbox = false\nbuild-users-group =\nsubstituters =\nexperimental-features = nix-command\n' +
  'secret-key-files = /srv/secret-key\n';

/**
 * Channels and a binary cache of NixOS: store paths built and signed by Nix, from Debian's programs. In the place of
 * nixpkgs there is `files`, the little that the recipe needs of it.
 */
export default defineStandIn({
  name: 'nixos',
  distribution: 'nixos',
  releases: channels.map(({version}) => version),
  builder: defineBuilder({
    name: 'mirror-nixos',
    base: nix,
    packages: ['debian-archive-keyring', 'mmdebstrap'],
  }),
  places: {channel: '/channels', hydra: '/hydra', cache: '/cache'},

  async make(tools, wanted) {
    const packages = Object.values(groups).flat();
    await bootstrapUserland(tools, {packages: [...packages, ...others], tree: '/srv/tree'});
    const versions = await versionsOf(tools, '/srv/tree');
    await splitUserland(tools, {tree: '/srv/tree', into: userland, groups, rest: 'debian'});
    // Nix lets no package have programs with these bits
    await tools.run(['find', userland, '-perm', '/6000', '-exec', 'chmod', 'a-s', '{}', '+']);
    await tools.run([
      'nix-store',
      '--generate-binary-cache-key',
      keyName,
      '/srv/secret-key',
      '/srv/public-key',
    ]);
    await tools.run(['cp', '/srv/public-key', `${keysFolder}/${keyName}.pub`]);
    for (const channel of channels.filter(({version}) => wanted.includes(version)))
      await makeChannel(tools, channel, versions);
    const cache = `file://${mirrorFolder}/cache?compression=zstd&want-mass-query=true`;
    const everything = 'nix copy --to "$0" $(ls -d /nix/store/*-*/ | grep -v "\\.drv")';
    await tools.run(['sh', '-c', everything, cache], {env: {NIX_CONFIG: nixConfig}});
  },
});

async function versionsOf({run}: MakingTools, tree: string): Promise<Record<string, string>> {
  const query = ['chroot', tree, 'dpkg-query', '--show', `--showformat=\${Version}`];
  const versions: Record<string, string> = {debian: '13'};
  for (const [group, [first = '']] of Object.entries(groups)) {
    // an epoch is no part of the version proper, and Nix has no ~ in names
    versions[group] = (await run([...query, first])).replace(/^\d+:/, '').replaceAll('~', '-');
  }
  return versions;
}

/** A channel's expressions as Hydra's job packs them, and what the channel's server and Hydra say about it. */
async function makeChannel(
  {copy, run, write}: MakingTools,
  {name, release, suffix, evaluation}: (typeof channels)[number],
  versions: Readonly<Record<string, string>>,
): Promise<void> {
  const title = `nixos-${release}${suffix}`;
  const expressions = `/srv/channels/${title}`;
  await copy(new URL('files/', import.meta.url), expressions);
  await write(`${expressions}/versions.json`, JSON.stringify(versions));
  await write(`${expressions}/.version`, release);
  await write(`${expressions}/.version-suffix`, suffix);
  const env = {NIX_CONFIG: nixConfig};
  const build = async (expression: string) =>
    (await run(['nix-build', '--no-out-link', '--expr', expression], {env})).trim().split('\n').at(-1) ?? '';
  await build(`builtins.attrValues (import ${expressions} { system = "x86_64-linux"; })`);
  const out = await build(`derivation {
    name = "nixos-channel-${release}${suffix}";
    system = "x86_64-linux";
    builder = "/bin/sh";
    args = [ "-c" "mkdir -p $out/tarballs && tar -C /srv/channels -cJf $out/tarballs/${title}.tar.xz ${title}" ];
    PATH = "/usr/bin";
  }`);
  const job = {
    id: evaluation,
    job: 'nixos.channel',
    buildoutputs: {out: {path: out}},
    buildproducts: {
      1: {path: `${out}/tarballs/${title}.tar.xz`, subtype: 'source-dist', name: `${title}.tar.xz`},
    },
  };
  await write(`${mirrorFolder}/hydra/eval/${evaluation}/job/nixos.channel`, JSON.stringify(job));
  await write(`${mirrorFolder}/channels/${name}/git-revision`, suffix.slice(-12).padEnd(40, '0'));
  await write(`${mirrorFolder}/channels/${name}/src-url`, `https://hydra.nixos.org/eval/${evaluation}`);
}
