import {readFile} from 'node:fs/promises';
import {hostname} from 'node:os';
import type {Proxies} from '../../host/proxies.ts';
import {type ForbiddenWord, ownPlaces} from './rules.ts';

export interface BuildWordsOptions {
  /** The tree's path in the build container. */
  readonly tree: string;
  readonly proxies?: Proxies | undefined;
  /** The mirrors that the template may name: a cache can be both mirror and proxy. */
  readonly mirrors: readonly string[];
}

/** What tells of the machine and the way a template was built: the tree's path, proxies, the machine's names. */
export async function buildWords({tree, proxies, mirrors}: BuildWordsOptions): Promise<ForbiddenWord[]> {
  const hosts = [proxies?.http, proxies?.https].flatMap((proxy) =>
    proxy !== undefined && URL.canParse(proxy) ? [new URL(proxy).host] : [],
  );
  const foreign = hosts.filter((host) => !mirrors.some((mirror) => mirror.includes(host)));
  const resolvers = await readFile('/etc/resolv.conf', 'utf8').catch(() => '');
  return [
    {word: tree, says: 'has the path of the build in it'},
    ...foreign.map((word) => ({word, says: 'names the proxy of the build', within: ownPlaces})),
    ...machineNames(hostname(), resolvers).map((word) => ({
      word,
      says: `has ${word}, a name of the machine that built it`,
      within: ownPlaces,
    })),
  ];
}

/**
 * The names of a machine, of its hostname and its resolv.conf(5), that are its own: those with a dot, and long ones.
 * Others, `debian` or `build`, stand in any template.
 */
export function machineNames(host: string, resolvers: string): string[] {
  const searched = [...resolvers.matchAll(/^\s*(?:search|domain)\s+(.*)$/gm)].flatMap(([, names = '']) =>
    names.split(/\s+/),
  );
  const own = (name: string) => name.includes('.', 1) || (name === host && name.length >= longName);
  return [...new Set([host, ...searched])].filter((name) => own(name) && !name.startsWith('localhost'));
}

/** Characters from which on a name without a dot is hardly a word. */
const longName = 12;
