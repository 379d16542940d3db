const secrets = new Set<string>();

/** Remembers a text, a password say, that nothing this process writes for people or programs may show. */
export function keepSecret(text: string): void {
  if (text !== '') secrets.add(text);
}

/** The same text with `***` in the place of every secret. */
export function conceal(text: string): string {
  if (secrets.size === 0) return text;
  // a longer one first: a shorter one may be a part of it
  const sought = [...secrets].toSorted((a, b) => b.length - a.length);
  return sought.reduce((shown, secret) => shown.replaceAll(secret, '***'), text);
}
