import type {CgroupLayout} from '../host/cgroups.ts';
import {type Idmap, idmapSize} from '../host/idmap.ts';
import type {ContainerSpec, Limits, SharedFolder} from './engine.ts';
import {featureMounts} from './features.ts';
import {limitLines} from './limits.ts';

/** A line of lxc.container.conf(5): key and value. */
type ConfigLine = readonly [key: string, value: string];

export interface ConfigSource {
  readonly spec: ContainerSpec;
  readonly name: string;
  readonly idmap: Idmap;
  readonly layout: CgroupLayout;
  /** The limits that LXC sets. */
  readonly limits: Limits;
  /** Where the enclosure has the container's root filesystem, its folders and the mount hook. */
  readonly root: string;
  readonly trees: readonly {readonly source: string; readonly path: string}[];
  readonly folder: (folder: SharedFolder) => string;
  readonly mountHook: string;
  /** A resolv.conf(5) for containers of tools, without this machine's search domains. */
  readonly resolvers: string;
  /** Where the enclosure has a device that a feature needs, by its path below /dev. */
  readonly device: (path: string) => string;
  readonly consoleLog: string;
}

/**
 * What a container of tools is called. Package scripts write the name of the machine they run on into configuration:
 * a template must have nobody's.
 */
export const neutralHostname = 'localhost';

/** A container's configuration as LXC reads it. */
export function lxcConfig(source: ConfigSource): string {
  const {spec} = source;
  const lines: ConfigLine[] = [
    ['lxc.uts.name', spec.hostname ?? (spec.profile === 'tools' ? neutralHostname : source.name)],
    ['lxc.idmap', `u 0 ${source.idmap.uid} ${idmapSize}`],
    ['lxc.idmap', `g 0 ${source.idmap.gid} ${idmapSize}`],
    ['lxc.rootfs.path', `dir:${source.root}`],
    ['lxc.init.cmd', spec.init.join(' ')],
    ...(spec.haltSignal === undefined ? [] : [['lxc.signal.halt', spec.haltSignal] as const]),
    ['lxc.autodev', '1'],
    ['lxc.tty.max', '0'],
    ['lxc.tty.dir', ''],
    ['lxc.pty.max', '1024'],
    // a system's console is a terminal, for its getty and for us to read; tools have none
    ...(spec.profile === 'system' ? [] : [['lxc.console.path', 'none'] as const]),
    ['lxc.console.logfile', source.consoleLog],
    // what a console prints without end must not fill the disk; what was before goes to a second file
    ['lxc.console.size', '1MB'],
    ['lxc.console.rotate', '1'],
    ['lxc.cap.drop', 'mac_admin mac_override sys_module sys_time'],
    ...network(spec),
    ...(spec.profile === 'system' ? systemMounts(source.mountHook) : toolMounts(source.resolvers)),
    ...(spec.folders ?? []).map(
      (folder): ConfigLine => [
        'lxc.mount.entry',
        mountEntry(source.folder(folder), folder.path, 'none', 'bind,create=dir'),
      ],
    ),
    ...source.trees.map(
      (tree): ConfigLine => [
        'lxc.mount.entry',
        mountEntry(tree.source, tree.path, 'none', 'bind,ro,create=dir'),
      ],
    ),
    ...featureMounts(spec.features ?? [], source.device).map(
      (entry): ConfigLine => ['lxc.mount.entry', entry],
    ),
    ...limitLines(source.limits, source.layout),
  ];
  return lines.map(([key, value]) => `${key} = ${value}\n`).join('');
}

function network(spec: ContainerSpec): ConfigLine[] {
  if (spec.veths === 'none') return [['lxc.net.0.type', 'none']];
  if (spec.veths.length === 0) return [['lxc.net.0.type', 'empty']];
  return spec.veths.flatMap(({name, peer}, index): ConfigLine[] => [
    [`lxc.net.${index}.type`, 'veth'],
    [`lxc.net.${index}.name`, name],
    [`lxc.net.${index}.veth.pair`, peer],
  ]);
}

/** What osctld gives a container: a tmpfs on /run with the file that makes systemd watch udev events. */
function systemMounts(hook: string): ConfigLine[] {
  return [
    ['lxc.mount.auto', 'proc:mixed sys:mixed cgroup:mixed'],
    ['lxc.mount.entry', mountEntry('tmpfs', 'run', 'tmpfs', 'rw,nosuid,nodev,mode=755,create=dir')],
    ['lxc.hook.mount', hook],
  ];
}

/**
 * A container that shares the host's network may not mount sysfs, so the host's is bound; mounting proc for a
 * chroot inside needs one proc that nothing covers.
 */
function toolMounts(resolvers: string): ConfigLine[] {
  return [
    ['lxc.mount.auto', 'proc:mixed'],
    ['lxc.mount.entry', mountEntry('/sys', 'sys', 'none', 'rbind,ro,create=dir')],
    ['lxc.mount.entry', mountEntry('proc', 'dev/.lxc/proc', 'proc', 'create=dir,optional')],
    ['lxc.mount.entry', mountEntry(resolvers, 'etc/resolv.conf', 'none', 'bind,ro,create=file,optional')],
  ];
}

/** fstab(5) fields; LXC's targets are relative to the root filesystem. */
function mountEntry(source: string, target: string, type: string, options: string): string {
  return `${source} ${target.replace(/^\/+/, '')} ${type} ${options} 0 0`;
}
