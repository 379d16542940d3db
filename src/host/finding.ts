/** What one check of this machine found. */
export interface Finding {
  /** What was checked, in a word or two. */
  readonly name: string;
  readonly ok: boolean;
  /** Whether containers cannot run without it; otherwise it only makes them slow or few. */
  readonly required: boolean;
  /** What is there: a version, a range of ids, the kernel's complaint. */
  readonly found: string;
  /** What to do about it, with the exact command; undefined when all is well. */
  readonly remedy: string | undefined;
}

/** Something that is as it should be. */
export function present(name: string, found: string): Finding {
  return {name, ok: true, required: true, found, remedy: undefined};
}

/** Something without which no container runs. */
export function missing(name: string, found: string, remedy: string): Finding {
  return {name, ok: false, required: true, found, remedy};
}

/** Something that is less than it should be, but will do. */
export function scarce(name: string, found: string, remedy: string): Finding {
  return {name, ok: false, required: false, found, remedy};
}

/** The findings that keep containers from running. */
export function obstacles(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ok, required}) => required && !ok);
}

/** A line for each finding (✔ good, ✘ missing, ! scarce), and what to do below it where there is something to do. */
export function renderFindings(findings: readonly Finding[]): string {
  return findings
    .flatMap(({name, ok, required, found, remedy}) => [
      `${ok ? '✔' : required ? '✘' : '!'} ${name}: ${found}`,
      ...(remedy?.split('\n').map((line) => `    ${line}`) ?? []),
    ])
    .join('\n');
}
