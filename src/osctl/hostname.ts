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

const confD = '/etc/conf.d';

/** `/etc/conf.d/hostname`, osctl's way for Gentoo. */
export const confDHostname: HostnameBackend = {
  name: `${confD}/hostname`,

  async problems(rootfs) {
    const folder = await rootfs.succeeds(['test', '-d', confD]);
    return [
      ...(folder ? [] : [`the folder ${confD} is missing, in which osctld writes the hostname`]),
      ...(await etcHostname.problems(rootfs)),
    ];
  },

  files: (hostname) => [{path: `${confD}/hostname`, content: `hostname="${hostname}"\n`}],

  command: (hostname) => ['hostname', hostname],
};

const sysconfig = '/etc/sysconfig/network';

/** `/etc/hostname` and `HOSTNAME=` in `/etc/sysconfig/network`, osctl's way for Fedora and CentOS. */
export const sysconfigHostname: HostnameBackend = {
  name: sysconfig,

  problems: etcHostname.problems,

  async files(hostname, rootfs) {
    const lines = ((await rootfs.read(sysconfig)) ?? '').split('\n');
    const others = lines.filter((line) => line !== '' && !line.startsWith('HOSTNAME='));
    return [
      {path: '/etc/hostname', content: `${hostname}\n`},
      {path: sysconfig, content: [...others, `HOSTNAME="${hostname}"`, ''].join('\n')},
    ];
  },

  command: (hostname) => ['hostname', hostname],
};
