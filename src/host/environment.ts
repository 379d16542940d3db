/**
 * Variables of this process's environment that programs of ours may see. No other does: `TAR_OPTIONS`, `GZIP`,
 * `APT_CONFIG`, `SHELL` and their like would change what they do.
 */
const kept = ['HOME', 'TMPDIR', 'TERM', 'USER', 'LOGNAME', 'PATH'] as const;

/** Everything that programEnvironment() sets, for who runs something with less. */
export const programVariables: readonly string[] = [...kept, 'LC_ALL'];

/** Where a plain `su` leaves root without the folders that ip(8) and chroot(8) are in. */
const systemPath = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** The environment of a program that runs on this machine, with variables of its own. */
export function programEnvironment(own: Readonly<Record<string, string>> = {}): Record<string, string> {
  const inherited = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return {
    PATH: systemPath.join(':'),
    ...Object.fromEntries(inherited),
    // what programs say is recognised in places, so they say it in English
    LC_ALL: 'C.UTF-8',
    ...own,
  };
}
