import {nix} from '../../builders/nix.ts';
import {nixosHostname, nixosNetwork} from '../../src/osctl/nixos.ts';
import type {ContainerSettings} from '../../src/recipe/container-settings.ts';
import {defineDistribution} from '../../src/recipe/distribution.ts';
import {checkNixMirror} from '../../src/rootfs/nix/mirror.ts';
import {nixos, nixosSources, nixPackages, nixTrial} from '../../src/rootfs/nix/nixos.ts';

/** The container's own dataset is kept at /persistent, and the root of every start is a new one. */
const impermanence: ContainerSettings = {
  mounts: [
    {dataset: '/', mountpoint: '/persistent'},
    {dataset: 'nix', mountpoint: '/nix'},
  ],
  impermanence: {properties: {refquota: '10G'}},
};

export default defineDistribution({
  name: 'nixos',
  title: 'NixOS',
  family: 'linux',
  builder: nix,
  releases: [
    {
      version: '26.05',
      codename: 'yarara',
      channel: 'nixos-26.05',
      endOfLife: '2026-12-31',
      cgroups: 'v2',
      tags: ['stable', 'latest'],
    },
    {
      version: 'unstable',
      codename: 'unstable',
      channel: 'nixos-unstable',
      dated: true,
      cgroups: 'v2',
      tags: ['unstable'],
    },
  ],
  variants: ['minimal', 'impermanence'],
  // Hydra says which store path of the cache a channel's release is
  mirrors: {
    channel: ['https://channels.nixos.org'],
    hydra: ['https://hydra.nixos.org'],
    cache: ['https://cache.nixos.org'],
  },
  bootstrap: ({release}) => nixos({channel: release.channel, configuration: 'configuration'}),
  // what other distributions are configured by stands in `configuration`
  configure: [],
  osctl: {hostname: nixosHostname, network: nixosNetwork},
  packages: nixPackages,
  trial: (context) => nixTrial('tree', 'tree', context),
  sources: nixosSources,
  checkMirror: checkNixMirror,
  container: ({variant}) => (variant === 'impermanence' ? impermanence : {}),
  seal: {remove: ['/nix/var/nix/temproots/*', '/nix/var/nix/userpool', '/root/.cache', '/root/.nix-defexpr']},
});
