import type {InitSystem} from './init-system.ts';

/** Errors in the journal of a container in which everything works, each with its reason. */
const harmless: readonly RegExp[] = [];

/**
 * Asks from inside, which costs less than asking from here: systemd cannot be asked at first, before 240 it does not wait, and
 * before 232 it does not know the flag.
 */
const untilSettled = `for try in 1 2 3 4 5 6 7 8 9 10; do
  state=$(systemctl is-system-running --wait) || state=\${state:-$(systemctl is-system-running)}
  case $state in running | degraded | maintenance) echo "$state" && exit ;; esac
  sleep 0.1
done 2>/dev/null`;

/** A line for each unit that failed, with the last lines of its journal. */
const failedUnits = `systemctl list-units --failed --plain --no-legend | while read -r unit state; do
  said=$(journalctl --no-pager --quiet --boot --unit="$unit" --lines=4 --output=cat | tr '\\n' ';')
  echo "$unit $state: $said"
done`;

export const systemd: InitSystem = {
  name: 'systemd',
  mark: '/run/systemd/system',

  async settled(ask) {
    const {stdout} = await ask(['sh', '-c', untilSettled]);
    return stdout.trim() === '' ? undefined : stdout.trim();
  },

  healthy: 'running',

  async failures(ask) {
    const {stdout} = await ask(['sh', '-c', failedUnits]);
    return stdout.split('\n').filter((line) => line.trim() !== '');
  },

  async problems(ask) {
    const errors = await ask(['journalctl', '--no-pager', '--boot', '--priority=err', '--output=cat']);
    const restarts = await ask(['systemctl', 'show', '--property=Id,NRestarts', '*.service']);
    const restarted = restarts.stdout.split('\n\n').flatMap((unit) => {
      const count = Number(/^NRestarts=(\d+)$/m.exec(unit)?.[1] ?? 0);
      const name = /^Id=(.+)$/m.exec(unit)?.[1];
      return count > 0 ? [`${name} was restarted ${count} times`] : [];
    });
    const lines = errors.stdout.split('\n').filter((line) => line.trim() !== '');
    return [...lines.filter((line) => !harmless.some((known) => known.test(line))), ...restarted];
  },

  async journal(ask) {
    const {stdout} = await ask(['journalctl', '--no-pager', '--lines=30', '--output=short']);
    return stdout.split('\n');
  },

  restartNetwork({name}) {
    const services: Readonly<Record<string, string>> = {
      ifupdown: 'networking',
      'systemd-networkd': 'systemd-networkd',
      NetworkManager: 'NetworkManager',
      initscripts: 'network',
      nixos: 'vpsadminos-network',
    };
    const service = services[name];
    return service === undefined ? undefined : ['systemctl', 'restart', service];
  },
};
