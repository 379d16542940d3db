import type {InstalledPackage} from '../recipe/distribution.ts';
import type {Rootfs} from '../recipe/rootfs.ts';
import {type Step, step} from '../recipe/step.ts';

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

const sourcesList = '/etc/apt/sources.list';

/** Turns the one-line sources that the bootstrap left into deb822 ones with their keyring, sources.list(5). */
export function deb822Sources(options: {readonly name: string; readonly keyring: string}): Step {
  return step('deb822 sources', async (rootfs) => {
    const lines = (await rootfs.read(sourcesList)) ?? '';
    const content = deb822(parseSources(lines), options.keyring);
    await rootfs.write([{path: `/etc/apt/sources.list.d/${options.name}.sources`, content}]);
    await rootfs.remove(sourcesList);
  });
}

/** The deb822 sources of a tree, as the one-line form has them: place, suite, components. */
export async function aptSources(rootfs: Rootfs): Promise<string[]> {
  const text = await rootfs.run(['sh', '-c', 'cat /etc/apt/sources.list.d/*.sources']);
  return text.split(/\n\s*\n/).flatMap((stanza) => {
    const field = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(stanza)?.[1]?.trim() ?? '';
    return field('Suites')
      .split(/\s+/)
      .map((suite) => `${field('URIs')} ${suite} ${field('Components')}`);
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
