import type {InitSystem} from './init-system.ts';

/**
 * The runlevel, once it has been reached: openrc names it first, keeps a folder while it starts or stops services, and
 * ends when all have been. It has no command that waits. The name is read before the rest is looked at: between two
 * runlevels there is neither folder nor process, and the next one's name may come any moment.
 */
const settled = `
  cd /run/openrc && runlevel=$(cat softlevel 2>/dev/null) || exit 0
  [ ! -e rc.starting ] && [ ! -e rc.stopping ] || exit 0
  ! grep -qx openrc /proc/[0-9]*/comm 2>/dev/null || exit 0
  echo "$runlevel"`;

/**
 * Services of the runlevels that are not up: openrc forgets which failed when it goes from one runlevel to the next.
 * Those it leaves out, because their script says that they are not for containers, are not in its dependency tree.
 */
const failures = `
  cd /run/openrc || exit 0
  for runlevel in sysinit boot default; do
    for service in /etc/runlevels/$runlevel/*; do
      name=\${service##*/}
      [ -e "$service" ] && grep -q "service='$name'" deptree || continue
      [ -e "started/$name" ] || [ -e "inactive/$name" ] || echo "$name of the runlevel $runlevel has not started"
    done
  done
  rc-status --nocolor --crashed 2>/dev/null | sed -n 's/^ *\\([^ ]\\)/\\1/; /./s/$/ has crashed/p'`;

/** The errors that busybox's syslogd has logged since its last start, which is this boot's; no other names the priority. */
export function loggedErrors(messages: string): string[] {
  const lines = messages.split('\n');
  const begun = lines.findLastIndex((line) => line.includes('syslogd started: BusyBox'));
  return lines.slice(begun + 1).filter((line) => / \w+\.(?:err|crit|alert|emerg) /.test(line));
}

/** OpenRC, under whatever process is the first: busybox's init, sysvinit's. */
export const openrc: InitSystem = {
  name: 'OpenRC',
  mark: '/run/openrc',

  async settled(ask) {
    const {stdout} = await ask(['sh', '-c', settled]);
    const runlevel = stdout.trim();
    return ['', 'sysinit', 'boot'].includes(runlevel) ? undefined : runlevel;
  },

  healthy: 'default',

  async failures(ask) {
    const {stdout} = await ask(['sh', '-c', failures]);
    return stdout.split('\n').filter((line) => line.trim() !== '');
  },

  async problems(ask) {
    const [crashed, log] = await Promise.all([
      ask(['rc-status', '--nocolor', '--crashed']),
      ask(['sh', '-c', 'cat /var/log/messages 2>/dev/null || :']),
    ]);
    return [...crashed.stdout.split('\n').filter((line) => line.trim() !== ''), ...loggedErrors(log.stdout)];
  },

  async journal(ask) {
    const {stdout} = await ask(['sh', '-c', 'tail -n 30 /var/log/rc.log /var/log/messages 2>/dev/null']);
    return stdout.split('\n');
  },

  restartNetwork({name}) {
    if (name === 'ifupdown') return ['rc-service', 'networking', 'restart'];
    if (name === 'netifrc') {
      const script =
        'for file in /etc/init.d/net.*; do [ "$file" = /etc/init.d/net.lo ] || rc-service "$(basename "$file")" restart; done';
      return ['sh', '-c', script];
    }
    return undefined;
  },
};
