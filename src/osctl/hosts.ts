/** `/etc/hosts` as a template ships it: osctld adds names to these lines, so both must exist. */
export const templateHosts = '127.0.0.1 localhost\n::1 localhost ip6-localhost ip6-loopback\n';

const notice = '# The lines of 127.0.0.1 and ::1 are kept by osctld: the hostname comes first in them.\n';

/** `/etc/hosts` as osctld leaves it: the full and the short name before the others, in the place of an earlier one. */
export function hostsWith(hosts: string, hostname: string, previous?: string): string {
  const names = namesOf(hostname);
  const old = new Set(previous === undefined ? [] : namesOf(previous));
  const lines = hosts
    .replace(notice, '')
    .split('\n')
    .map((line) => {
      const [address = '', ...others] = line.split(/\s+/);
      if (address !== '127.0.0.1' && address !== '::1') return line;
      return [address, ...names, ...others.filter((name) => !old.has(name) && !names.includes(name))].join(
        ' ',
      );
    });
  return notice + lines.join('\n');
}

/** `vps.example.org` and `vps`. */
function namesOf(hostname: string): string[] {
  const short = hostname.split('.')[0] ?? hostname;
  return short === hostname ? [hostname] : [hostname, short];
}

/** `/etc/resolv.conf` as osctld writes it. */
export function resolvConf(servers: readonly string[]): string {
  return `${servers.map((server) => `nameserver ${server}\n`).join('')}options edns0\n`;
}
