import type {OsctlSupport} from '../recipe/osctl.ts';

/**
 * For a distribution that osctld does not know: it writes nothing into such a container, but runs the script hooks
 * that came with its image. Ours set hostname, hosts, resolvers and routed interfaces, see docs/hooks.md.
 */
export const scriptHooks: OsctlSupport = {
  hostname: {
    name: 'script hooks',
    async problems(rootfs) {
      const folder = await rootfs.succeeds(['sh', '-c', '[ -d /etc ] && ! [ -L /etc ]']);
      return folder ? [] : ['/etc is not a folder: the script hooks follow no link'];
    },
    files: () => [],
    command: () => ['true'],
  },
  network: {
    name: 'script hooks',
    prepare: [],
    problems: async () => [],
    configure: async () => [],
    leftovers: () => [],
  },
  hooks: new URL('hooks/', import.meta.url),
};
