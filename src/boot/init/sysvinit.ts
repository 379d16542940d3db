import type {InitSystem} from './init-system.ts';

/**
 * The runlevel, once rc has started all of its services: utmp has it before. What init starts again and again, the
 * terminals, it starts only when rc has ended.
 */
const settled = `
  level=$(runlevel) && level=\${level#* } || exit 0
  ! grep -qzxF /etc/init.d/rc /proc/[0-9]*/cmdline 2>/dev/null || exit 0
  terminal=$(sed -n "s/^[^#:]*:[^:]*$level[^:]*:respawn:\\([^ ]*\\).*/\\1/p" /etc/inittab | head -n 1)
  [ -z "$terminal" ] || grep -qxF "\${terminal##*/}" /proc/[0-9]*/comm 2>/dev/null || exit 0
  echo "$level"`;

/** Services of the runlevel that say of themselves that they do not run: rc does not remember how they started. */
const failures = `
  level=$(runlevel)
  for service in /etc/rc\${level#* }.d/S*; do
    said=$("$service" status 2>&1) || case $said in
      *'not running'* | *failed*) echo "\${service##*/S[0-9][0-9]} says: $said" ;;
    esac
  done`;

/** sysvinit with Debian's rc, whose first script makes a folder that no other has; where it starts OpenRC, it is that. */
export const sysvinit: InitSystem = {
  name: 'sysvinit',
  mark: '/run/sendsigs.omit.d',

  async settled(ask) {
    const {stdout} = await ask(['sh', '-c', settled]);
    const runlevel = stdout.trim();
    return /^[2-5]$/.test(runlevel) ? `runlevel ${runlevel}` : undefined;
  },

  healthy: 'runlevel 2',

  async failures(ask) {
    const {stdout} = await ask(['sh', '-c', failures]);
    return stdout.split('\n').filter((line) => line.trim() !== '');
  },

  problems: async () => [], // it keeps no account of what it starts again, and its log has no levels

  async journal(ask) {
    const {stdout} = await ask(['sh', '-c', 'tail -n 30 /var/log/boot /var/log/syslog 2>/dev/null']);
    return stdout.split('\n');
  },

  restartNetwork({name}) {
    return name === 'ifupdown' ? ['/etc/init.d/networking', 'restart'] : undefined;
  },
};
