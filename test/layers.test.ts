import {copyFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {execa} from 'execa';
import {folderWith} from './folders.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

const upward: [path: string, target: string][] = [
  ['src/host/x.ts', '../recipe/template.ts'],
  ['src/recipe/x.ts', '../config/load.ts'],
  ['src/recipe/y.ts', '../rootfs/files.ts'],
  ['src/image/x.ts', '../pipeline/plan.ts'],
  ['src/container/x.ts', '../builder/cache.ts'],
  ['src/config/w.ts', '../catalogue/load.ts'],
  ['src/pipeline/x.ts', '../config/load.ts'],
  ['src/config/x.ts', '../cli/build.ts'],
  ['src/config/y.ts', '../../distributions/debian/index.ts'],
  ['distributions/debian/index.ts', '../../src/container/lxc.ts'],
  ['distributions/debian/releases.ts', '../../src/rootfs/files.ts'],
  ['distributions/debian/old.ts', '../../builders/apt.ts'],
];

const downward: [path: string, target: string][] = [
  ['src/recipe/z.ts', '../failure.ts'],
  ['src/config/z.ts', '../recipe/release.ts'],
  ['src/cli/z.ts', '../config/load.ts'],
  ['distributions/alpine/index.ts', 'vpsadminos-templates'],
  ['distributions/alpine/old.ts', 'vpsadminos-templates/builders/apk'],
];

test('the linter refuses imports up the layers, and no others', async (t) => {
  const modules = [...upward, ...downward].map(([path, target]) => [path, `export {x} from '${target}';\n`]);
  const folder = await folderWith(t, Object.fromEntries(modules));
  for (const name of ['biome.json', '.gitignore']) await copyFile(join(root, name), join(folder, name));

  const {exitCode, all} = await execa('biome', ['lint', '--colors=off'], {
    cwd: folder,
    preferLocal: true,
    localDir: root,
    reject: false,
    all: true,
  });
  const refused = all.matchAll(/^(\S+):\d+:\d+ lint\/style\/noRestrictedImports/gm);
  t.deepEqual([...refused].map(([, path]) => path).toSorted(), upward.map(([path]) => path).toSorted(), all);
  t.is(exitCode, 1);
});
