import {mkdir, mkdtemp, realpath, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {dirname, join} from 'node:path';
import type {ExecutionContext} from 'ava';

/** A folder with these files that is gone when the test is over. */
export async function folderWith(
  t: ExecutionContext,
  files: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'osctl-template-test-')));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), {recursive: true});
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** A recipe's module as somebody outside this repository would write it, with some fields given otherwise. */
export function recipe(name: string, fields = ''): string {
  return `
    import {defineBuilder, defineDistribution, step} from 'vpsadminos-templates';

    const base = defineBuilder({name: 'base', packages: ['ca-certificates'], suite: 'stable'});
    const apt = defineBuilder({name: 'apt', base, packages: ['mmdebstrap']});
    const none = async () => [];

    const usual = defineDistribution({
      name: '${name}',
      title: 'Debian',
      family: 'linux',
      builder: apt,
      releases: [
        {version: '12', codename: 'bookworm', tags: ['oldstable'], endOfLife: '2028-06-30', cgroups: 'v2'},
        {version: '13', codename: 'trixie', tags: ['stable', 'latest'], cgroups: 'v2'},
        {version: 'testing', codename: 'forky', dated: true, tags: ['testing'], cgroups: 'any'},
      ],
      bootstrap: () => step('bootstrap', async () => {}),
      configure: [step('locale', async () => {})],
      osctl: {
        hostname: {name: 'file', problems: none, files: () => [], command: () => ['hostname']},
        network: {name: 'ifupdown', prepare: [], problems: none, configure: none, leftovers: () => []},
      },
      listPackages: none,
      mirrors: {archive: [], security: []},
      listSources: none,
    });

    export default defineDistribution({
      ...usual,
      ${fields}
    });
  `;
}
