import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {examineRecipe} from '../../src/catalogue/examine.ts';
import {importsOf} from '../../src/catalogue/imports.ts';
import {folderWith, recipe} from '../folders.ts';

const naming = {vendor: 'vpsadminos', arch: 'x86_64'};
const source = join(import.meta.dirname, '../../src');

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
  const module = `import {treeOf} from '${source}/rootfs/tree.ts';
import {openImage} from '${source}/boot/image.ts';
import {files} from '${source}/rootfs/files.ts';
${recipe('void', "title: '____', osctl: {}, configure: [files('overlay')], releases: [{version: 'A', codename: 'a', cgroups: 'any'}]")}
void [treeOf, openImage];
`;
  t.deepEqual(await mistakes(t, {'void/index.ts': module, 'debian/index.ts': recipe('debian')}), [
    `index.ts:${module.split('\n').findIndex((line) => line.includes('____')) + 1}: is to be filled: fill it in`,
    'index.ts:2: imports src/boot/image.ts: recipes and builders import from src/recipe, src/rootfs and src/osctl only',
    `index.ts:${module.split('\n').findIndex((line) => line.includes('overlay')) + 1}: installs files from overlay/, and there is no such folder beside it`,
    "index.ts: releases[0].version: must be lower case letters and digits with single . _ - between them, not 'A'",
    'index.ts: osctl.hostname: is missing',
    'index.ts: osctl.network: is missing',
  ]);
});

test('a file that cannot be installed is told with what to do', async (t) => {
  const folder = await folderWith(t, {
    'void/index.ts': `import {files} from '${source}/rootfs/files.ts';\n${recipe('void', "configure: [files('files')]")}`,
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
  const module = `import {apt} from '${source}/rootfs/apt/mmdebstrapp.ts';\nimport {x} from './own.ts';\n${recipe('void')}`;
  t.deepEqual(await mistakes(t, {'void/index.ts': module, 'void/own.mts': ''}), [
    `index.ts:1: imports ${source}/rootfs/apt/mmdebstrapp.ts, which is not there; did you mean mmdebstrap.ts?`,
    'index.ts:2: imports ./own.ts, which is not there; did you mean own.mts?',
  ]);
});

test('a module that does not parse is told', async (t) => {
  const [only] = await mistakes(t, {'void/index.ts': 'export default {name: ;'});
  t.regex(only ?? '', /^index\.ts: cannot be imported: SyntaxError/);
});

test('what functions give for a release is looked at, too', async (t) => {
  const found = await mistakes(t, {
    'void/index.ts': recipe(
      'void',
      "releases: [{version: '1', codename: 'x', cgroups: 'any'}, {version: '2', codename: 'x', cgroups: 'any'}],\n" +
        "configure: ({release}) => { if (release.version === '2') throw new Error('alas'); return ['locale']; }",
    ),
  });
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
      "import {\n  a,\n} from './a.ts';\nexport {b} from '../b.ts';\nconst c = await import('./c.ts');\nimport 'node:fs';",
    ),
    [
      {line: 3, specifier: './a.ts'},
      {line: 4, specifier: '../b.ts'},
      {line: 5, specifier: './c.ts'},
    ],
  );
});
