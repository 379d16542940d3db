/** What a call of this program was given that leads another call to the same files. */
export interface Invocation {
  readonly config?: string | undefined;
  readonly output?: string | undefined;
  readonly distributions?: readonly string[] | undefined;
}

let invocation: Invocation = {};

/** Says how this process was called; the command line does it once. */
export function rememberInvocation(given: Invocation): void {
  invocation = given;
}

/**
 * A command of this program as a person can type it, with the flags of this call that belong to it, quoted for a shell:
 * `osctl-template ct exec debian-13-1a2b3c --output '/srv/my output'`.
 */
export function ownCommand(...words: readonly string[]): string {
  const {config, output, distributions = []} = invocation;
  const flags = [
    ...(config === undefined ? [] : ['--config', config]),
    ...(output === undefined ? [] : ['--output', output]),
    ...distributions.flatMap((folder) => ['--distributions', folder]),
  ];
  // what follows the words of `ct exec` belongs to the command that it runs
  const [verb = '', subverb = '', ...rest] = words;
  const ordered = verb === 'ct' ? [verb, subverb, ...flags, ...rest] : [...words, ...flags];
  return ['osctl-template', ...ordered].map(quoted).join(' ');
}

/** A word as a shell takes it for one. */
export function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
