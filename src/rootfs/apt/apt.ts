import type {InstalledPackage, PackageTrial, TrialContext} from '../../recipe/distribution.ts';
import type {RegularFile, Rootfs} from '../../recipe/rootfs.ts';
import {type KeyFile, type Step, step} from '../../recipe/step.ts';
import {binaryKey, type OwnKeys, trustedKeys} from '../openpgp.ts';

/**
 * A package for the boot tests to install and remove, with a command it brings. Options are what else apt.conf(5) would
 * say: `{'Apt::Key::gpgvcommand': '/usr/bin/gpgv'}`.
 */
export function aptTrial(
  name: string,
  brings: string,
  {acceptExpired}: TrialContext,
  options: Readonly<Record<string, string>> = {},
): PackageTrial {
  const all = {...options, ...(acceptExpired ? {'Acquire::Check-Valid-Until': 'false'} : {})};
  const given = Object.entries(all).map(([option, value]) => `--option=${option}=${value}`);
  return {
    name,
    install: [
      ['apt-get', ...given, 'update'],
      ['apt-get', 'install', '--yes', '--no-install-recommends', name],
    ],
    remove: ['apt-get', 'purge', '--yes', name],
    brings,
  };
}

/** The packages dpkg knows as installed. */
export async function dpkgPackages(rootfs: Rootfs): Promise<InstalledPackage[]> {
  const fields = ['db:Status-Abbrev', 'Package', 'Version', 'Architecture'].map((field) => `\${${field}}`);
  const format = `${fields.join('\\t')}\\n`;
  const lines = (await rootfs.run(['dpkg-query', '--show', `--showformat=${format}`])).split('\n');
  return lines.flatMap((line) => {
    const [status, name, version, arch] = line.split('\t');
    if (!status?.startsWith('ii') || name === undefined || version === undefined || arch === undefined)
      return [];
    return [{name, version, arch}];
  });
}

/** What apt and dpkg leave that no template needs. */
export const dpkgResidue: readonly string[] = [
  '/etc/apt/apt.conf.d/99mmdebstrap',
  '/var/cache/apt/*',
  '/var/cache/debconf/*-old',
  '/var/lib/apt/lists/*',
  '/var/lib/dpkg/*-old',
];

const sourcesList = '/etc/apt/sources.list';

export interface SourcesOptions {
  /** Names the files: `debian`. */
  readonly name: string;
  /** What the sources are signed by: a file of the tree's own, which its keyring package keeps, or the recipe's. */
  readonly keyring: OwnKeys;
}

/**
 * Turns the one-line sources that the bootstrap left into deb822 ones with their keyring, sources.list(5); apt 1.1 and
 * later read them. Configured keys, or the recipe's, go into the tree and are what the sources are signed by.
 */
export function deb822Sources({name, keyring}: SourcesOptions): Step {
  return step('deb822 sources', async (rootfs, context) => {
    const lines = (await rootfs.read(sourcesList)) ?? '';
    const keys = await trustedKeys(context, keyring);
    const configured = keyringFile(`/etc/apt/keyrings/${name}.gpg`, keys ?? []);
    const content = deb822(parseSources(lines), configured?.path ?? keyring);
    await rootfs.write([
      ...(configured === undefined ? [] : [configured]),
      {path: `/etc/apt/sources.list.d/${name}.sources`, content},
    ]);
    await rootfs.remove(sourcesList);
  });
}

/** Leaves the one-line sources as they are, for apt before 1.1, which trusts a folder of keys for all sources. */
export function oneLineSources({name}: Pick<SourcesOptions, 'name'>): Step {
  return step('one-line sources', async (rootfs, {keys}) => {
    const configured = keyringFile(`/etc/apt/trusted.gpg.d/${name}.gpg`, keys);
    if (configured !== undefined) await rootfs.write([configured]);
  });
}

/** The configured keys as one file that apt of any age reads. */
function keyringFile(path: string, keys: readonly KeyFile[]): RegularFile | undefined {
  return keys.length === 0 ? undefined : {path, content: Buffer.concat(keys.map(binaryKey))};
}

/** The sources of a tree, as the one-line form has them: place, suite, components. */
export async function aptSources(rootfs: Rootfs): Promise<string[]> {
  const script =
    'for file in /etc/apt/sources.list.d/*.sources; do [ ! -e "$file" ] || cat "$file"; echo; done';
  const [oneLine = '', stanzas] = await Promise.all([
    rootfs.read(sourcesList),
    rootfs.run(['sh', '-c', script]),
  ]);
  return [...parseSources(oneLine), ...parseDeb822(stanzas)].flatMap(({uri, suites, components}) =>
    suites.map((suite) => `${uri} ${suite} ${components.join(' ')}`),
  );
}

function parseDeb822(text: string): Source[] {
  return text
    .split(/\n\s*\n/)
    .filter((stanza) => /^URIs:/m.test(stanza))
    .map((stanza) => {
      const words = (name: string) =>
        (new RegExp(`^${name}:(.*)$`, 'm').exec(stanza)?.[1] ?? '').trim().split(/\s+/);
      return {uri: words('URIs').join(' '), suites: words('Suites'), components: words('Components')};
    });
}

interface Source {
  readonly uri: string;
  readonly suites: readonly string[];
  readonly components: readonly string[];
}

/** The `deb` lines of a one-line file; suites of one place with the same components become one source. */
export function parseSources(text: string): Source[] {
  const sources = new Map<string, {uri: string; suites: string[]; components: string[]}>();
  for (const line of text.split('\n')) {
    const match = /^deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)\s+(.+)$/.exec(line.trim());
    if (match === null) continue;
    const [, uri = '', suite = '', components = ''] = match;
    const key = `${uri} ${components}`;
    const known = sources.get(key);
    if (known === undefined)
      sources.set(key, {uri, suites: [suite], components: components.trim().split(/\s+/)});
    else known.suites.push(suite);
  }
  return [...sources.values()];
}

/** deb822 stanzas. */
export function deb822(sources: readonly Source[], keyring: string): string {
  return sources
    .map(({uri, suites, components}) =>
      [
        'Types: deb',
        `URIs: ${uri}`,
        `Suites: ${suites.join(' ')}`,
        `Components: ${components.join(' ')}`,
        `Signed-By: ${keyring}`,
        '',
      ].join('\n'),
    )
    .join('\n');
}
