import type {Container} from '../container/engine.ts';
import type {NetworkBackend} from '../recipe/osctl.ts';

/** What differs between the init systems that templates have. */
export interface InitSystem {
  readonly name: string;
  /** A folder that exists once this init system has taken over. */
  readonly mark: string;
  /** Waits for the end of the boot: its state in the init system's word; undefined while it cannot be asked yet. */
  settled(container: Container): Promise<string | undefined>;
  /** The state of a boot in which everything went well. */
  readonly healthy: string;
  /** What failed to start, with its last words. */
  failures(container: Container): Promise<string[]>;
  /** The end of the system's journal. */
  journal(container: Container): Promise<string[]>;
  /** The command that takes the network down and up again. */
  restartNetwork(backend: NetworkBackend): readonly string[] | undefined;
}

const systemd: InitSystem = {
  name: 'systemd',
  mark: '/run/systemd/system',

  async settled(container) {
    const {stdout} = await container.try(['systemctl', 'is-system-running', '--wait']);
    const state = stdout.trim();
    return ['running', 'degraded', 'maintenance'].includes(state) ? state : undefined;
  },

  healthy: 'running',

  async failures(container) {
    const units = await container.run(['systemctl', 'list-units', '--failed', '--plain', '--no-legend']);
    return units.split('\n').filter((line) => line.trim() !== '');
  },

  journal: async (container) => {
    const {stdout} = await container.try(['journalctl', '--no-pager', '--lines=30', '--output=short'], {
      quiet: true,
    });
    return stdout.split('\n');
  },

  restartNetwork({name}) {
    const services: Readonly<Record<string, string>> = {
      ifupdown: 'networking',
      'systemd-networkd': 'systemd-networkd',
      NetworkManager: 'NetworkManager',
    };
    const service = services[name];
    return service === undefined ? undefined : ['systemctl', 'restart', service];
  },
};

/** The init systems a boot is recognised by. */
const initSystems: readonly InitSystem[] = [systemd];

/** The init system that has taken over in a container; undefined while none has. */
export async function initOf(container: Container): Promise<InitSystem | undefined> {
  const marks = initSystems.map(({mark}) => mark);
  const script = 'for folder; do [ ! -d "$folder" ] || echo "$folder"; done';
  const {stdout} = await container.try(['sh', '-c', script, 'init', ...marks], {quiet: true});
  return initSystems.find(({mark}) => stdout.split('\n').includes(mark));
}
