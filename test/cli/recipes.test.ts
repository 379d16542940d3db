import {mkdir, readdir, readFile, readlink, realpath} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {folderWith} from '../folders.ts';
import {osctlTemplate, root} from './osctl-template.ts';

test('new writes a recipe, says what to fill, and check-recipe says the same', async (t) => {
  const folder = await folderWith(t, {});
  const {exitCode, stdout} = await osctlTemplate(['new', 'voidlinux', '--in', folder]);
  t.is(exitCode, 0);
  t.regex(stdout, /voidlinux\/index\.ts:\d+: as people write it: Void Linux/);
  const source = await readFile(join(folder, 'voidlinux/index.ts'), 'utf8');
  t.regex(source, /name: 'voidlinux'/);
  t.regex(source, /from 'vpsadminos-templates';/);
  t.false(source.includes(root), 'a path of this machine is in it');

  const check = await osctlTemplate(['check-recipe', join(folder, 'voidlinux'), '--json']);
  t.is(check.exitCode, 2);
  const {mistakes} = JSON.parse(check.stdout) as {mistakes: {file: string; line: number; says: string}[]};
  const blanks = source.split('\n').flatMap((line, index) => (line.includes('____') ? [index + 1] : []));
  t.deepEqual(
    mistakes.map(({file, line}) => `${file}:${line}`),
    blanks.map((line) => `index.ts:${line}`),
  );
});

test('a recipe whose blanks are filled has nothing wrong', async (t) => {
  const folder = await folderWith(t, {});
  await osctlTemplate(['new', 'voidlinux', '--in', folder]);
  const module = join(folder, 'voidlinux/index.ts');

  await execa('sed', ['-i', "s/endOfLife: '____'/endOfLife: '2030-01-01'/; s/'____'/'1'/", module]);
  const {exitCode, stdout} = await osctlTemplate(['check-recipe', join(folder, 'voidlinux')]);
  t.is(exitCode, 0);
  t.regex(stdout, /nothing is wrong with it\n {2}try: `osctl-template build voidlinux-1`/);
});

test('new writes what an editor and tsc need into a folder outside of the checkout', async (t) => {
  const folder = join(await folderWith(t, {}), 'my/recipes');
  const {stdout} = await osctlTemplate(['new', 'voidlinux', '--in', folder]);
  t.true(
    stdout.includes(
      `${folder} now has package.json, tsconfig.json, .gitignore and node_modules/vpsadminos-templates`,
    ),
    stdout,
  );
  t.deepEqual((await readdir(folder)).toSorted(), [
    '.gitignore',
    'node_modules',
    'package.json',
    'tsconfig.json',
    'voidlinux',
  ]);
  t.is(await realpath(join(folder, 'node_modules/vpsadminos-templates')), await realpath(root));
  await execa('git', ['init', '--quiet'], {cwd: folder});
  await execa('git', ['add', '.'], {cwd: folder});
  const {stdout: committed} = await execa('git', ['ls-files'], {cwd: folder});
  t.deepEqual(committed.split('\n'), ['.gitignore', 'package.json', 'tsconfig.json', 'voidlinux/index.ts']);
  for (const file of committed.split('\n'))
    t.false((await readFile(join(folder, file), 'utf8')).includes(root), file);

  const tsc = () =>
    execa('tsc', ['--pretty', 'false'], {
      cwd: folder,
      preferLocal: true,
      localDir: root,
      reject: false,
      all: true,
    });
  const {exitCode, all} = await tsc();
  t.is(exitCode, 0, all);
  const module = join(folder, 'voidlinux/index.ts');
  await execa('sed', ['-i', "s/openssh()/openssh({hostkeys: 'service'})/", module]);
  t.regex((await tsc()).all, /^voidlinux\/index\.ts\(\d+,\d+\): error TS2561: /m);
});

test('new leaves what is there as it is', async (t) => {
  const files = {'package.json': '{}', 'tsconfig.json': '{"files": []}', '.gitignore': 'mine\n'};
  const folder = await folderWith(t, files);
  await mkdir(join(folder, 'node_modules'));
  await execa('ln', ['-s', '/nowhere', join(folder, 'node_modules/vpsadminos-templates')]);
  const {exitCode, stdout} = await osctlTemplate(['new', 'voidlinux', '--in', folder, '--json']);
  t.is(exitCode, 0);
  t.like(JSON.parse(stdout), {beside: []});
  for (const [name, content] of Object.entries(files))
    t.is(await readFile(join(folder, name), 'utf8'), content);
  t.is(await readlink(join(folder, 'node_modules/vpsadminos-templates')), '/nowhere');
});

test('new refuses a folder that cannot be written, in a moment and in plain words', async (t) => {
  const folder = await folderWith(t, {file: ''});
  for (const [place, code, reason] of [
    ['/proc/recipes/mine', 3, /cannot write to \/proc\/recipes\/mine: no such file or directory/],
    [`${folder}/file/recipes`, 2, /file\/recipes is not a folder/],
    [`${folder}/file`, 2, /file is not a folder/],
  ] as const) {
    const {exitCode, stderr} = await osctlTemplate(['new', 'voidlinux', '--in', place]);
    t.is(exitCode, code, stderr);
    t.regex(stderr, reason);
    t.regex(stderr, /with --in/);
    t.notRegex(stderr, /mistake in osctl-template|\n +at /);
  }
});

test('new refuses what is there, and names that are none', async (t) => {
  const folder = await folderWith(t, {'voidlinux/notes': 'mine'});
  for (const [name, reason] of [
    ['voidlinux', /voidlinux is there already/],
    ['debian', /distributions\/debian is there already/],
    ['Void Linux', /must be lower case letters and digits/],
    ['default', /must not be default/],
  ] as const) {
    const {exitCode, stderr} = await osctlTemplate(['new', name, '--in', folder]);
    t.is(exitCode, 2, name);
    t.regex(stderr, reason);
  }
  t.is(await readFile(join(folder, 'voidlinux/notes'), 'utf8'), 'mine');
});

test('a recipe with blanks is built by nobody', async (t) => {
  const folder = await folderWith(t, {});
  await osctlTemplate(['new', 'voidlinux', '--in', folder]);
  const {exitCode, stderr} = await osctlTemplate(['ls', 'voidlinux', '--distributions', folder]);
  t.is(exitCode, 2);
  t.regex(stderr, /voidlinux\/index\.ts: title: must be filled, not '____'/);
  const others = await osctlTemplate(['ls', 'debian-13', '--distributions', folder]);
  t.is(others.exitCode, 0);
  t.regex(others.stdout, /^debian-13 /m);
  t.regex(others.stderr, /^left out: \S+voidlinux\/index\.ts: .* says more$/);
});

test('the example has nothing wrong', async (t) => {
  const {exitCode, all} = await osctlTemplate(['check-recipe', join(root, 'examples/sysvian')]);
  t.is(exitCode, 0, all);
});
