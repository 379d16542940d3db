import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {loadDistributions} from '../../src/catalogue/load.ts';
import {Failure} from '../../src/failure.ts';
import {folderWith, recipe} from '../folders.ts';

const naming = {vendor: 'vpsadminos', arch: 'x86_64'};

/** What a person sees who loads these files, with the folder's path as `DIR`. */
async function refusal(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await folderWith(t, files);
  const error = await t.throwsAsync(loadDistributions([folder], naming), {instanceOf: Failure});
  t.is(error.exitCode, 2);
  t.regex(error.remedy ?? '', /Correct the recipe/);
  return error.message.replaceAll(folder, 'DIR').split('\n');
}

/** The same for one recipe with some fields given otherwise. */
async function mistakes(t: ExecutionContext, fields: string): Promise<string[]> {
  const lines = await refusal(t, {'debian/index.ts': recipe('debian', fields)});
  return lines.map((line) => line.replace(/^DIR\/debian\/index\.ts: /, ''));
}

test('gives recipes by name, with their folders', async (t) => {
  const folder = await folderWith(t, {
    'ubuntu/index.mjs': recipe('ubuntu'),
    'debian/index.ts': recipe('debian'),
    'debian/files/etc/index.ts': 'not a recipe',
    'notes/README.md': 'not a recipe either',
    'README.md': 'nor this',
  });
  const recipes = await loadDistributions([folder], naming);
  t.deepEqual(
    recipes.map(({distribution}) => distribution.name),
    ['debian', 'ubuntu'],
  );
  t.is(recipes[0]?.folder.href, pathToFileURL(join(folder, 'debian/')).href);
  t.is(recipes[0]?.distribution.releases[2]?.dated, true);
});

test('loads the same folder once, however it is written', async (t) => {
  const folder = await folderWith(t, {'debian/index.js': recipe('debian')});
  t.is((await loadDistributions([folder, `${folder}/`, join(folder, 'debian/..')], naming)).length, 1);
});

test('refuses a folder that does not exist', async (t) => {
  const folder = await folderWith(t, {});
  const error = await t.throwsAsync(loadDistributions([join(folder, 'recipes')], naming), {
    instanceOf: Failure,
  });
  t.regex(error.message, /recipes: there is no such folder/);
});

test("refuses a recipe's own folder in the place of the folder around it", async (t) => {
  t.deepEqual(await refusal(t, {'index.ts': recipe('debian')}), [
    'DIR: holds no recipe: no folder in it has an index.ts, index.js or index.mjs',
  ]);
});

test('refuses a module without a default export, and one that exports something else', async (t) => {
  t.deepEqual(
    await refusal(t, {
      'a/index.ts': 'export const distribution = {};',
      'b/index.ts': "export default 'debian';",
      'c/index.ts': 'export default [];',
    }),
    [
      'DIR/a/index.ts: the default export must be a distribution, as defineDistribution() makes it, not undefined',
      "DIR/b/index.ts: the default export must be a distribution, as defineDistribution() makes it, not 'debian'",
      'DIR/c/index.ts: the default export must be a distribution, as defineDistribution() makes it, not []',
    ],
  );
});

test('tells every field that is missing', async (t) => {
  t.deepEqual(await refusal(t, {'debian/index.ts': 'export default {};'}), [
    'DIR/debian/index.ts: name: is missing',
    'DIR/debian/index.ts: title: is missing',
    'DIR/debian/index.ts: family: is missing',
    'DIR/debian/index.ts: releases: is missing',
    'DIR/debian/index.ts: bootstrap: is missing',
    'DIR/debian/index.ts: configure: is missing',
    'DIR/debian/index.ts: osctl: is missing',
    'DIR/debian/index.ts: listPackages: is missing',
    'DIR/debian/index.ts: listSources: is missing',
    'DIR/debian/index.ts: builder: is missing; it must be a builder, as defineBuilder() makes it',
  ]);
});

test('tells all mistakes at once, in fields and across them', async (t) => {
  t.deepEqual(
    await mistakes(
      t,
      `name: 'debain', bootstrap: 'mmdebstrap', configure: ['locale'], relases: [], builder: 'apt',
       releases: [
         {version: '13', codename: 'trixie', cgroups: 'v3'},
         {version: '13', codename: 'trixie', cgroups: 'v2', dated: 'yes', endOfLife: '2030-02-30'},
       ]`,
    ),
    [
      "releases[0].cgroups: must be 'any', 'v1' or 'v2', not 'v3'",
      "releases[1].dated: must be true, false or 'alone', not 'yes'",
      "releases[1].endOfLife: must be a day that exists, as YYYY-MM-DD, not '2030-02-30'",
      "bootstrap: must be a function, not 'mmdebstrap'",
      "configure[0]: must be a step, as step() makes it, not 'locale'",
      'relases: is no field of a recipe; did you mean releases?',
      "builder: is 'apt'; it must be a builder, as defineBuilder() makes it",
      'name: is debain, but its folder is debian; they must be the same',
      'releases: two are 13',
    ],
  );
});

test('refuses two releases whose versions are the day alone', async (t) => {
  const release = (version: string) =>
    `{version: '${version}', codename: 'x', cgroups: 'v2', dated: 'alone'}`;
  t.deepEqual(await mistakes(t, `releases: [${release('rolling')}, ${release('testing')}]`), [
    'releases: the versions of rolling and testing are the day alone; only one can be',
  ]);
});

test('refuses names that do not fit an id', async (t) => {
  t.deepEqual(
    await refusal(t, {
      'Debian/index.ts': recipe(
        'Debian',
        `releases: [{version: '13 beta', codename: 'trixie', tags: ['-x'], cgroups: 'v2'}], variants: ['a/b']`,
      ),
    }),
    [
      ['name', 'Debian'],
      ['releases[0].version', '13 beta'],
      ['releases[0].tags[0]', '-x'],
      ['variants[0]', 'a/b'],
    ].map(
      ([key, value]) =>
        `DIR/Debian/index.ts: ${key}: must be lower case letters and digits with single . _ - between them, not '${value}'`,
    ),
  );
});

test('refuses the variant default', async (t) => {
  t.deepEqual(await mistakes(t, "variants: ['minimal', 'default']"), [
    'variants[1]: must not be default, which a repository has as a link',
  ]);
});

test('follows the builder down to the lowest', async (t) => {
  t.deepEqual(
    await mistakes(t, "builder: {...apt, name: 'Apt', packages: 'dpkg', base: {...base, suite: undefined}}"),
    [
      "builder.name: must be lower case letters and digits with single . _ - between them, not 'Apt'",
      "builder.packages: must be a list of texts, not 'dpkg'",
      'builder.base.suite: the lowest builder must have one',
    ],
  );
  t.deepEqual(await mistakes(t, "builder: {...apt, suite: 'sid'}"), [
    'builder.suite: only the lowest builder has one',
  ]);
  t.deepEqual(await mistakes(t, "builder: {...apt, base: 'base'}"), [
    "builder.base: is 'base'; it must be a builder, as defineBuilder() makes it",
  ]);
});

test('refuses a chain of builders without an end', async (t) => {
  t.deepEqual(
    await mistakes(
      t,
      "builder: (() => { const a = {...apt}; a.base = {...apt, name: 'b', base: a}; return a; })()",
    ),
    ['builder.base.base: is a builder above it again; the chain has no end'],
  );
});

test('refuses a tag that is given twice, and one that is a version', async (t) => {
  t.deepEqual(
    await mistakes(
      t,
      `releases: [
         {version: '12', codename: 'bookworm', tags: ['stable', 'lts', 'lts'], cgroups: 'v2'},
         {version: '13', codename: 'trixie', tags: ['stable', '13', 'testing'], cgroups: 'v2'},
         {version: 'testing', codename: 'forky', dated: true, tags: ['12'], cgroups: 'v2'},
       ]`,
    ),
    [
      'releases: 12 has the tag lts twice',
      'releases: the tag stable is given to 12 and 13; only one can have it',
      'releases: 13 has the tag 13, which is a version',
      'releases: 13 has the tag testing, which is a version',
      'releases: testing has the tag 12, which is a version',
    ],
  );
});

test('refuses ids that are too long for vpsAdmin, the day of dated ones included', async (t) => {
  const variant = 'v'.repeat(27);
  t.deepEqual(await mistakes(t, `variants: ['minimal', '${variant}']`), [
    `releases: debian-testing-YYYYMMDD-x86_64-vpsadminos-${variant} has 69 characters; vpsAdmin takes 64`,
  ]);
  const folder = await folderWith(t, {'debian/index.ts': recipe('debian', "variants: ['minimal']")});
  await t.throwsAsync(loadDistributions([folder], {...naming, vendor: 'v'.repeat(40)}), {
    message: /debian-12-x86_64-v{40}-minimal has 65 characters; vpsAdmin takes 64/,
  });
});

test('refuses a distribution that two folders describe, and names both', async (t) => {
  const first = await folderWith(t, {'debian/index.ts': recipe('debian')});
  const second = await folderWith(t, {'debian/index.ts': recipe('debian')});
  await t.throwsAsync(loadDistributions([first, second], naming), {
    message:
      `${first}/debian/: debian is described by ${second}/debian/ too\n` +
      `${second}/debian/: debian is described by ${first}/debian/ too`,
  });
});

test('refuses different recipes that would make the same ids', async (t) => {
  const release = (version: string) => `releases: [{version: '${version}', codename: 'x', cgroups: 'any'}]`;
  t.deepEqual(
    await refusal(t, {
      'void/index.ts': recipe('void', release('musl-1')),
      'void-musl/index.ts': recipe('void-musl', release('1')),
    }),
    [
      'DIR/void/: void-musl-1 is described by DIR/void-musl/ too',
      'DIR/void-musl/: void-musl-1 is described by DIR/void/ too',
    ],
  );
});

test('names the file and the line of a module that cannot be imported', async (t) => {
  t.deepEqual(
    await refusal(t, {
      'a/index.ts': "import './keys.ts';",
      'a/keys.ts': "\nthrow new Error('no keyring');",
      'b/index.ts': 'export default 1;\nconst x: number = ;',
      'c/index.mjs': 'const x = ;',
      'd/index.ts': "import {nothing} from './files.ts';",
      'd/files.ts': '',
      'e/index.ts': "import './missing.ts';",
    }),
    [
      'DIR/a/keys.ts:2: cannot be imported: no keyring',
      'DIR/b/index.ts:2: cannot be imported: SyntaxError: Expression expected',
      "DIR/c/index.mjs: cannot be imported: SyntaxError: Unexpected token ';'",
      "DIR/d/index.ts:1: cannot be imported: SyntaxError: The requested module './files.ts' does not provide an export named 'nothing'",
      "DIR/e/index.ts:1: cannot be imported: Cannot find module 'DIR/e/missing.ts' imported from DIR/e/index.ts",
    ],
  );
});
