import {
  type ContainerSettings,
  checkNixMirror,
  defineDistribution,
  nixos,
  nixosHostname,
  nixosNetwork,
  nixosSources,
  nixPackages,
  nixTrial,
} from 'vpsadminos-templates';
import {nix} from 'vpsadminos-templates/builders/nix';

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
  tags: {newest: ['stable', 'latest']},
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
  listPackages: nixPackages,
  trial: (context) => nixTrial('tree', 'tree', context),
  listSources: nixosSources,
  checkMirror: checkNixMirror,
  container: ({variant}) => (variant === 'impermanence' ? impermanence : {}),
  seal: {remove: ['/nix/var/nix/temproots/*', '/nix/var/nix/userpool', '/root/.cache', '/root/.nix-defexpr']},
});
