import {type Idmap, idmapSize} from '../host/idmap.ts';

/** A command of this machine as root of the containers' user namespace, which is nobody outside. */
export function inUserNamespace(idmap: Idmap, argv: readonly string[]): string[] {
  return [
    'lxc-usernsexec',
    ...['-m', `u:0:${idmap.uid}:${idmapSize}`],
    ...['-m', `g:0:${idmap.gid}:${idmapSize}`],
    '--',
    ...argv,
  ];
}
