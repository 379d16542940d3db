import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {examineRecipe} from '../../src/catalogue/examine.ts';
import {importsOf} from '../../src/catalogue/imports.ts';
import {typeMistakes} from '../../src/catalogue/types.ts';
import {folderWith, recipe} from '../folders.ts';

const naming = {vendor: 'vpsadminos', arch: 'x86_64'};

/** What is wrong with a recipe of these files, a line a mistake, as the command prints it. */
async function mistakes(t: ExecutionContext, files: Readonly<Record<string, string>>): Promise<string[]> {
  const folder = await folderWith(t, files);
  const examination = await examineRecipe(join(folder, 'void'), naming);
  t.is(examination.distribution === undefined, examination.mistakes.length > 0);
  return examination.mistakes.map(
    ({file = '', line, says}) => `${file}${line === undefined ? '' : `:${line}`}: ${says}`,
  );
}

test('a recipe with nothing wrong is given', async (t) => {
  t.deepEqual(await mistakes(t, {'void/index.ts': recipe('void')}), []);
});

test('a folder that is not there, and one without a module', async (t) => {
  t.deepEqual(await mistakes(t, {}), [': there is no such folder']);
  t.deepEqual(await mistakes(t, {'void/README.md': 'nothing'}), [': has no index.ts, index.js or index.mjs']);
});

test('blanks are told with their lines and what belongs there, in all files, and nothing else of them', async (t) => {
  const module = recipe('void', "title: '____', // as people write it");
  t.deepEqual(
    await mistakes(t, {'void/index.ts': module, 'void/files/etc/motd': 'Welcome\nto ____ # the title\n'}),
    [
      'files/etc/motd:2: is to be filled: the title',
      `index.ts:${module.split('\n').findIndex((line) => line.includes('____')) + 1}: is to be filled: as people write it`,
      "files: no step installs it; files('files') in `configure` does",
    ],
  );
});

test('everything that is wrong is told at once', async (t) => {
  const module = `import {files} from 'vpsadminos-templates';
${recipe('void', "title: '____', osctl: {}, configure: [files('overlay')], releases: [{version: 'A', codename: 'a', cgroups: 'any'}]")}
`;
  const line = module.split('\n').findIndex((text) => text.includes('____')) + 1;
  t.deepEqual(await mistakes(t, {'void/index.ts': module, 'debian/index.ts': recipe('debian')}), [
    `index.ts:${line}: is to be filled: fill it in`,
    `index.ts:${line}: installs files from overlay/, and there is no such folder beside it`,
    "index.ts: releases[0].version: must be lower case letters and digits with single . _ - between them, not 'A'",
    'index.ts: osctl.hostname: is missing',
    'index.ts: osctl.network: is missing',
  ]);
});

test('a folder within files is as good as the whole', async (t) => {
  const module = `import {files} from 'vpsadminos-templates';\n${recipe('void', "configure: [files('files/common')],")}`;
  t.deepEqual(await mistakes(t, {'void/index.ts': module, 'void/files/common/etc/motd': 'Welcome\n'}), []);
});

test('options that a function does not have or needs are told with their lines', async (t) => {
  const module = `import {deb822Sources, openssh} from 'vpsadminos-templates';
${recipe('void', "configure: [\ndeb822Sources({name: 'void'}),\nopenssh({hostkeys: 'service'}),\n],")}`;
  const lineOf = (text: string) => module.split('\n').findIndex((line) => line.includes(text)) + 1;
  const [sources = '', ssh = '', ...others] = await mistakes(t, {'void/index.ts': module});
  t.true(sources.startsWith(`index.ts:${lineOf('deb822Sources({')}: TS2741: Property 'keyring' is missing`));
  t.true(ssh.startsWith(`index.ts:${lineOf('hostkeys')}: TS2561: `), ssh);
  t.regex(ssh, /'hostkeys' does not exist.*Did you mean to write 'hostKeys'\?/);
  t.deepEqual(others, []);
});

test('a checkout without TypeScript does not check types, and is told from one that finds nothing', async (t) => {
  const folder = await folderWith(t, {'index.ts': 'const x: string = 1;'});
  t.is(await typeMistakes(folder, join(folder, 'index.ts'), join(folder, 'tsc')), undefined);
});

test('types are checked in the files that the module imports, and in no others', async (t) => {
  const found = await mistakes(t, {
    'void/index.ts': `import {day} from './day.ts';\n${recipe('void', 'timeZone: day.name,')}`,
    'void/day.ts': "\nexport const day: {name: string} = {name: 'UTC', nmae: 1};\n",
    'void/idle.ts': 'const day: string = 1;',
  });
  t.is(found.length, 1, found.join('\n'));
  t.regex(found[0] ?? '', /^day\.ts:2: TS2353: .*'nmae' does not exist/);
});

test('a file that cannot be installed is told with what to do', async (t) => {
  const folder = await folderWith(t, {
    'void/index.ts': `import {files} from 'vpsadminos-templates';\n${recipe('void', "configure: [files('files')],")}`,
    'void/files/etc/motd': '',
  });
  await execa('mkfifo', [join(folder, 'void/files/etc/pipe')]);
  const {mistakes: found} = await examineRecipe(join(folder, 'void'), naming);
  t.deepEqual(
    found.map(({file, says}) => [file, says.split('. ')[0]]),
    [['files/etc/pipe', 'is a FIFO, which cannot be installed']],
  );
  t.regex(found[0]?.says ?? '', /Take it out of the folder/);
});

test('imports of what is not there are told with their lines and the nearest', async (t) => {
  const module = `import {apt as a} from 'vpsadminos-templates/builders/atp';\nimport {x} from './own.ts';\nvoid [a, x];${recipe('void')}`;
  t.deepEqual(await mistakes(t, {'void/index.ts': module, 'void/own.mts': ''}), [
    'index.ts:1: imports vpsadminos-templates/builders/atp, which is not there; did you mean vpsadminos-templates/builders/apk or vpsadminos-templates/builders/apt?',
    'index.ts:2: imports ./own.ts, which is not there; did you mean own.mts?',
  ]);
});

test('imports of what is not a recipe’s business are told, in all its modules', async (t) => {
  const own = "import {z} from 'zod';\nimport {step} from '../../src/recipe/step.ts';\nvoid [z, step];\n";
  const module = `import {readFile} from 'fs/promises';\nimport '/etc/x.ts';\nimport './own.ts';\nvoid readFile;\n${recipe('void')}`;
  const business =
    "recipes import from 'vpsadminos-templates', 'vpsadminos-templates/builders/…', node: modules and files of their own folder only";
  t.deepEqual(await mistakes(t, {'void/index.ts': module, 'void/own.ts': own}), [
    'index.ts:1: imports fs/promises; write node:fs/promises',
    `index.ts:2: imports /etc/x.ts: ${business}`,
    `own.ts:1: imports zod: ${business}`,
    "own.ts:2: imports ../../src/recipe/step.ts, which is outside of the recipe's folder",
  ]);
});

test('a name that the package does not export is told with its line', async (t) => {
  const module = `\nimport {nothing} from 'vpsadminos-templates';\nvoid nothing;\n${recipe('void')}`;
  const found = await mistakes(t, {'void/index.ts': module});
  t.is(found.length, 1, found.join('\n'));
  t.regex(found[0] ?? '', /^index\.ts:2: .*no exported member 'nothing'/);
});

test('a module that does not parse is told with its line', async (t) => {
  for (const name of ['index.ts', 'index.mjs']) {
    const [only = ''] = await mistakes(t, {[`void/${name}`]: '\nexport default {name: ;'});
    t.true(only.startsWith(`${name}:2: TS1109: Expression expected`), only);
  }
});

test('what functions give for a release is looked at, too', async (t) => {
  const [types = '', ...found] = await mistakes(t, {
    'void/index.ts': recipe(
      'void',
      "releases: [{version: '1', codename: 'x', cgroups: 'any'}, {version: '2', codename: 'x', cgroups: 'any'}],\n" +
        "configure: ({release}) => { if (release.version === '2') throw new Error('alas'); return ['locale']; }",
    ),
  });
  t.regex(types, /^index\.ts:\d+: TS2322: /);
  t.deepEqual(found, [
    "index.ts: for the release 1: configure[0]: must be a step, as step() makes it, not 'locale'",
    'index.ts: for the release 2: alas',
  ]);
});

test('the name of a recipe of the project’s own is taken', async (t) => {
  const folder = await folderWith(t, {'debian/index.ts': recipe('debian')});
  const {mistakes: found} = await examineRecipe(join(folder, 'debian'), naming);
  t.regex(found[0]?.says ?? '', /^debian is described by .*\/distributions\/debian already/);
});

test('imports are found over several lines, in exports and in calls', (t) => {
  t.deepEqual(
    importsOf(
      "import {\n  a,\n} from './a.ts';\nexport {b} from '../b.ts';\nconst c = await import('./c.ts');\nimport 'node:fs'; import d from 'd';\n" +
        "export const e = './e.ts';\nexport default {from: './f.ts'};\n// import './g.ts'\nexport type * from './h.ts';",
    ),
    [
      {line: 3, specifier: './a.ts'},
      {line: 4, specifier: '../b.ts'},
      {line: 5, specifier: './c.ts'},
      {line: 6, specifier: 'node:fs'},
      {line: 6, specifier: 'd'},
      {line: 10, specifier: './h.ts'},
    ],
  );
});
