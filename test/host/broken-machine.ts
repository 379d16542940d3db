import type {CommandResult, Machine} from '../../src/host/machine.ts';

interface Defects extends Partial<Omit<Machine, 'readFile' | 'findCommand' | 'run'>> {
  /** Files that differ; undefined for one that is not there. */
  readonly files?: Readonly<Record<string, string | undefined>>;
  /** Commands that are not installed. */
  readonly without?: readonly string[];
  /** What commands say when it differs from success. */
  readonly results?: Readonly<Record<string, CommandResult>>;
  /** What a command's file is when it is not its own. */
  readonly paths?: Readonly<Record<string, string>>;
}

const healthy: Readonly<Record<string, string | undefined>> = {
  '/etc/subuid': 'root:1000000:524288\n',
  '/etc/subgid': 'root:1000000:524288\n',
  '/proc/sys/user/max_user_namespaces': '65536\n',
  '/proc/self/mountinfo': '21 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n',
  '/proc/meminfo': 'MemAvailable: 8388608 kB\n',
  '/usr/share/keyrings/debian-archive-keyring.gpg': 'keys',
};

/** A machine that has everything but the given defects. Commands are known by their name and first arguments. */
export function brokenMachine({
  files,
  without = [],
  results = {},
  paths = {},
  ...facts
}: Defects = {}): Machine {
  const contents = {...healthy, ...files};
  return {
    platform: 'linux',
    uid: 0,
    nodeVersion: '24.15.0',
    cores: 2,
    readFile: async (path) => contents[path],
    findCommand: async (name) => (without.includes(name) ? undefined : (paths[name] ?? `/usr/bin/${name}`)),
    async run(command, args) {
      const line = [command, ...args].join(' ');
      const [, result] = Object.entries(results).find(([part]) => line.includes(part)) ?? [];
      if (result !== undefined) return result;
      if (line === 'lxc-start --version') return {ok: true, output: '5.0.2\n'};
      if (line === 'tar --version') return {ok: true, output: 'tar (GNU tar) 1.34\n'};
      return {ok: true, output: ''};
    },
    existing: async (path) => path,
    freeSpace: async () => 100 * 2 ** 30,
    ...facts,
  };
}
