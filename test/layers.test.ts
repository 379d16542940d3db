import {copyFile, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {folderWith} from './folders.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** The rooms of src, from the top layer down: each imports from its own layer and from those below. */
const layers = [
  ['cli'],
  ['catalogue'],
  ['config'],
  ['pipeline', 'boot', 'repository'],
  ['builder'],
  ['container', 'osctl', 'rootfs', 'image'],
  ['recipe'],
  ['host'],
];
const rooms = layers.flat();
const layerOf = (room: string) => layers.findIndex((layer) => layer.includes(room));

interface Import {
  readonly path: string;
  readonly target: string;
}

/** What the linter says of a rule in modules that import something, by their paths. */
async function refused(t: ExecutionContext, imports: readonly Import[], rule: string): Promise<string[]> {
  const modules = imports.map(({path, target}) => [path, `export {x} from '${target}';\n`]);
  const folder = await folderWith(t, Object.fromEntries(modules));
  for (const name of ['biome.json', '.gitignore']) await copyFile(join(root, name), join(folder, name));
  const argv = ['lint', '--colors=off', '--max-diagnostics=none', `--only=${rule}`];
  const {all} = await execa('biome', argv, {
    cwd: folder,
    preferLocal: true,
    localDir: root,
    reject: false,
    all: true,
  });
  const places = all.matchAll(new RegExp(`^(\\S+):\\d+:\\d+ lint/${rule}`, 'gm'));
  return [...places].map(([, path = '']) => path).toSorted();
}

test('every room has its layer', async (t) => {
  const entries = await readdir(join(root, 'src'), {withFileTypes: true});
  const folders = entries.filter((entry) => entry.isDirectory()).map(({name}) => name);
  t.deepEqual(folders.toSorted(), rooms.toSorted());
});

test('the linter refuses imports up the layers, and no others', async (t) => {
  const pairs = rooms.flatMap((from) => rooms.map((to) => ({from, to})));
  const imports = pairs.map(({from, to}) => ({path: `src/${from}/to-${to}.ts`, target: `../${to}/x.ts`}));
  const upward = pairs.filter(({from, to}) => layerOf(to) < layerOf(from));
  t.deepEqual(
    await refused(t, imports, 'style/noRestrictedImports'),
    upward.map(({from, to}) => `src/${from}/to-${to}.ts`).toSorted(),
  );
});

test('no room but the command line knows recipes and builders', async (t) => {
  const imports = rooms.flatMap((room) =>
    ['distributions/debian/index', 'builders/apt'].map((target) => ({
      path: `src/${room}/${target.split('/')[0]}.ts`,
      target: `../../${target}.ts`,
    })),
  );
  const allowed = layers[0] ?? [];
  t.deepEqual(
    await refused(t, imports, 'style/noRestrictedImports'),
    imports
      .map(({path}) => path)
      .filter((path) => !allowed.some((room) => path.startsWith(`src/${room}/`)))
      .toSorted(),
  );
});

test('recipes, builders and examples import by the package’s name only', async (t) => {
  const places = ['distributions/alpine', 'examples/sysvian', 'skeletons/distribution', 'builders'];
  const imports = places.flatMap((place) => {
    const up = '../'.repeat(place.split('/').length);
    return [
      {path: `${place}/own.ts`, target: './releases.ts'},
      {path: `${place}/package.ts`, target: 'vpsadminos-templates'},
      {path: `${place}/builder.ts`, target: 'vpsadminos-templates/builders/apk'},
      ...rooms.map((room) => ({path: `${place}/src-${room}.ts`, target: `${up}src/${room}/x.ts`})),
      ...(place === 'builders' ? [] : [{path: `${place}/path.ts`, target: `${up}builders/apk.ts`}]),
    ];
  });
  t.deepEqual(
    await refused(t, imports, 'style/noRestrictedImports'),
    imports
      .filter(({target}) => target.startsWith('../'))
      .map(({path}) => path)
      .toSorted(),
  );
});

test('the linter refuses circles, those of types alone included', async (t) => {
  const circle = [
    {path: 'src/host/a.ts', target: './b.ts'},
    {path: 'src/host/b.ts', target: './c.ts'},
    {path: 'src/host/c.ts', target: './a.ts'},
    {path: 'src/host/d.ts', target: './a.ts'},
  ];
  t.deepEqual(await refused(t, circle, 'suspicious/noImportCycles'), [
    'src/host/a.ts',
    'src/host/b.ts',
    'src/host/c.ts',
  ]);
});
