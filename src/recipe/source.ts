/** One place that packages of a tree come from, as its package manager is configured. */
export interface Source {
  /** What it offers, in the distribution's own word: `deb`, `repository`, `channel`, `binary packages`. */
  readonly kind: string;
  /** As the package manager has it: it may contain the package manager's variables, `$basearch`. */
  readonly url: string;
  /** What else a person wants to see of it: the suite and components, the repository's name. */
  readonly description?: string;
}

/** The sources that a line of text names: one for each URL in it, with the whole line as its description. */
export function sourcesInLine(line: string): Source[] {
  const urls = line.match(/https?:\/\/[^\s,]+/g) ?? [''];
  return urls.map((url) => ({kind: 'line', url, description: line}));
}
