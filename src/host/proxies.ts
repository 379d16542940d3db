import {keepSecret} from './secrets.ts';

/** The proxies that downloads go through, as URLs. */
export interface Proxies {
  /** For http addresses. */
  readonly http?: string | undefined;
  /** For https addresses, which pass through it encrypted. */
  readonly https?: string | undefined;
  /** Hosts and domains that are asked directly: `localhost`, `.example.org`. */
  readonly none?: readonly string[] | undefined;
}

/**
 * The proxies that an environment names as curl(1) and apt take them: `http_proxy`, `https_proxy` and `no_proxy`, the
 * latter two in capital letters as well. An address without a scheme is one of http.
 */
export function proxiesIn(env: Readonly<Record<string, string | undefined>>): Proxies {
  const proxy = (value: string | undefined) =>
    value === undefined || value.includes('://') ? value : `http://${value}`;
  const none = env.no_proxy || env.NO_PROXY || undefined;
  return {
    http: proxy(env.http_proxy || undefined),
    https: proxy(env.https_proxy || env.HTTPS_PROXY || undefined),
    none: none?.split(/[\s,]+/).filter((host) => host !== ''),
  };
}

/**
 * The same as variables for the programs of a build: in small letters, as most take them, and in capital ones. A
 * password in them becomes a secret of this process.
 */
export function proxyVariables({http, https, none = []}: Proxies = {}): Record<string, string> {
  const variables = {http_proxy: http, https_proxy: https, no_proxy: none.join(',')};
  if (http === undefined && https === undefined) return {};
  for (const proxy of [http, https]) keepPassword(proxy);
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value === undefined || value === ''
        ? []
        : [
            [name, value],
            [name.toUpperCase(), value],
          ],
    ),
  );
}

/** What programs may print of a proxy's password: as the URL has it, decoded, and as the Basic scheme sends it. */
function keepPassword(proxy: string | undefined): void {
  if (proxy === undefined || !URL.canParse(proxy)) return;
  const {username, password} = new URL(proxy);
  if (password === '') return;
  const plain = `${decoded(username)}:${decoded(password)}`;
  for (const secret of [`${username}:${password}`, plain, Buffer.from(plain).toString('base64')])
    keepSecret(secret);
  // a password of a letter or two would hide half of what is printed
  for (const secret of [password, decoded(password)]) if (secret.length > shortest) keepSecret(secret);
}

/** What programs make of a part of a URL; one with a `%` that encodes nothing they take as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Characters of a password that is not looked for without its user's name. */
const shortest = 3;
