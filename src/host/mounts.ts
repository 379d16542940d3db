/** A mounted file system, as a process sees it. */
export interface Mount {
  readonly point: string;
  /** Options of this mount, not of the file system everywhere: `noexec`. */
  readonly options: readonly string[];
}

/** The mount that an absolute path without links is on, by /proc/self/mountinfo (proc(5)); the last one hides others. */
export function mountOf(path: string, mountinfo: string): Mount | undefined {
  const mounts = mountinfo.split('\n').flatMap((line): Mount[] => {
    const [, , , , point, options] = line.split(' ');
    return point === undefined || options === undefined
      ? []
      : [{point: unescaped(point), options: options.split(',')}];
  });
  const above = mounts.filter(({point}) => point === '/' || path === point || path.startsWith(`${point}/`));
  return above.reduce<Mount | undefined>(
    (best, mount) => (best === undefined || mount.point.length >= best.point.length ? mount : best),
    undefined,
  );
}

/** The kernel writes blanks and backslashes in names as three octal digits. */
function unescaped(point: string): string {
  return point.replace(/\\([0-7]{3})/g, (_match, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
