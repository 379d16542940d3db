/**
 * What recipes, builders and examples may use, wherever they lie:
 * `import {defineDistribution} from 'vpsadminos-templates'`.
 *
 * Build containers are beside it, one module each: `import {apt} from 'vpsadminos-templates/builders/apt'`.
 */

export {behind} from './osctl/behind.ts';
export {confDHostname, etcHostname, sysconfigHostname} from './osctl/hostname.ts';
export {ifupdown, ifupdownWithoutFolder} from './osctl/ifupdown.ts';
export {initscripts} from './osctl/initscripts.ts';
export {netifrc} from './osctl/netifrc.ts';
export {networkManager} from './osctl/network-manager.ts';
export {nixosHostname, nixosNetwork} from './osctl/nixos.ts';
export {scriptHooks} from './osctl/script-hooks.ts';
export {systemdNetworkd} from './osctl/systemd-networkd.ts';
export {type Builder, defineBuilder} from './recipe/builder.ts';
export type {ContainerSettings} from './recipe/container-settings.ts';
export {
  type CheckedMirror,
  type Distribution,
  defineDistribution,
  type InstalledPackage,
  type MirrorPlace,
  type PackageTrial,
  type TrialContext,
} from './recipe/distribution.ts';
export type {Release} from './recipe/release.ts';
export type {Rootfs} from './recipe/rootfs.ts';
export type {Source} from './recipe/source.ts';
export {type Step, type StepContext, step} from './recipe/step.ts';
export {releaseIn} from './recipe/version-order.ts';
export {apkBootstrap, apkPackages, apkSources, apkTrial} from './rootfs/apk/apk.ts';
export {checkMinirootfs} from './rootfs/apk/minirootfs.ts';
export {
  aptSources,
  aptTrial,
  deb822Sources,
  dpkgPackages,
  dpkgResidue,
  oneLineSources,
} from './rootfs/apt/apt.ts';
export {checkAptMirror} from './rootfs/apt/mirror.ts';
export {aptPlaces, mmdebstrap, type Places, type Pockets} from './rootfs/apt/mmdebstrap.ts';
export {checkDnfMirror, type DnfOptions, dnf} from './rootfs/dnf/dnf.ts';
export {inContainer, macros, minimal, nodeUnits} from './rootfs/dnf/red-hat.ts';
export {rpmPackages, yumRepositories} from './rootfs/dnf/rpm.ts';
export {dnfTrial, yumTrial} from './rootfs/dnf/trial.ts';
export {type TwoStagesOptions, twoStages} from './rootfs/dnf/two-stages.ts';
export {files} from './rootfs/files.ts';
export {locale, localeConf} from './rootfs/locale.ts';
export {checkNixMirror} from './rootfs/nix/mirror.ts';
export {nixos, nixosSources, nixPackages, nixTrial} from './rootfs/nix/nixos.ts';
export {openrc} from './rootfs/openrc.ts';
export {openssh} from './rootfs/openssh.ts';
export {checkPacmanMirror, pacman} from './rootfs/pacman/pacman.ts';
export {
  pacmanInContainer,
  pacmanLeftovers,
  pacmanPackages,
  pacmanSources,
  pacmanTrial,
} from './rootfs/pacman/tree.ts';
export {
  binaryPackages,
  envUpdate,
  portageLeftovers,
  portagePackages,
  portageSources,
  portageTrial,
  profiles,
} from './rootfs/portage/portage.ts';
export {checkStage3, stage3} from './rootfs/portage/stage3.ts';
export {notStarted, systemdInContainer} from './rootfs/systemd.ts';
