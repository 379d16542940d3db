import type {HostnameBackend} from '../recipe/osctl.ts';

/** `/etc/hostname`, osctl's way for Debian, Ubuntu, Alpine and Arch. */
export const etcHostname: HostnameBackend = {
  name: '/etc/hostname',

  async problems(rootfs) {
    const found = await rootfs.succeeds(['sh', '-c', 'command -v hostname']);
    return found ? [] : ['the hostname command, which osctld runs inside, is not installed'];
  },

  files: (hostname) => [{path: '/etc/hostname', content: `${hostname}\n`}],

  command: () => ['hostname', '-F', '/etc/hostname'],
};
