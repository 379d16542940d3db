import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {type Manifest, readBuild} from '../../src/image/manifest.ts';
import {ustarMembers} from '../../src/image/ustar-members.ts';
import {osctlTemplate, root} from '../cli/osctl-template.ts';
import {commandOutput} from '../fixtures/command-output.ts';
import {sourceLines} from '../fixtures/sources.ts';
import {readPage} from './page.ts';

/** docs/adding-a-distribution.md, followed to the letter. Its tests go one after another. */
const output = await commandOutput();
test.after.always(() => output[Symbol.asyncDispose]());

const recipes = join(output.path, 'recipes');
const recipe = join(recipes, 'sysvian');
const env = {OSCTL_TEMPLATE_OUTPUT: output.path};

test.serial('new writes a recipe, and check-recipe says what is to be filled', async (t) => {
  const {exitCode, all} = await osctlTemplate(['new', 'sysvian', '--in', recipes]);
  t.is(exitCode, 0, all);
  const check = await osctlTemplate(['check-recipe', recipe]);
  t.is(check.exitCode, 2);
  t.regex(check.stderr, /is to be filled: the init/);
});

test.serial('with its blanks filled and the page’s files, nothing is wrong with it', async (t) => {
  const page = await readPage(recipe);
  await page.fill();
  t.is((await osctlTemplate(['check-recipe', recipe])).exitCode, 0);
  await page.complete();
  const {exitCode, all} = await osctlTemplate(['check-recipe', recipe]);
  t.is(exitCode, 0, all);
});

test.serial('it is the example, but for how its imports are put together', async (t) => {
  const words = async (file: string) => {
    const source = await readFile(file, 'utf8');
    const lines = source
      .replaceAll(/\s+/g, ' ')
      .replaceAll(/,? ([)}\]])/g, '$1')
      .replaceAll(/([({[]) /g, '$1');
    return lines
      .split(/(?<=;)/)
      .map((line) => line.trim())
      .flatMap((line) => {
        const [, names, from] = /^import \{(.*)\} from (.*)$/.exec(line) ?? [];
        return names === undefined ? [line] : names.split(', ').map((name) => `import ${name} from ${from}`);
      })
      .toSorted();
  };
  t.deepEqual(await words(join(recipe, 'index.ts')), await words(join(root, 'examples/sysvian/index.ts')));
  const files = (folder: string) => readdir(join(folder, 'files'), {recursive: true});
  t.deepEqual((await files(recipe)).toSorted(), (await files(join(root, 'examples/sysvian'))).toSorted());
});

async function published(): Promise<{readonly folder: string; readonly manifest: Manifest}> {
  const builds = join(output.path, 'repository', 'builds', 'sysvian-13-x86_64-vpsadminos-minimal');
  const [serial = ''] = await readdir(builds);
  return readBuild(join(builds, serial));
}

test.serial('deploy builds, boots and publishes it', async (t) => {
  const {exitCode, all} = await osctlTemplate(['deploy', 'sysvian-13', '--distributions', recipes], env);
  t.is(exitCode, 0, all);
  const {manifest} = await published();
  const names = manifest.packages.map(({name}) => name);
  t.true(names.includes('sysvinit-core'));
  t.false(names.includes('systemd-sysv'));
  t.true(sourceLines(manifest.sources).some((source) => source.includes(' trixie-security ')));
});

test.serial('what only osctld can do does not apply, and all else passed', async (t) => {
  const {manifest} = await published();
  const outcomes = Object.groupBy(manifest.test?.scenarios ?? [], ({outcome}) => outcome);
  t.is(outcomes.failed, undefined);
  t.deepEqual(outcomes['not applicable']?.map(({name}) => name).toSorted(), [
    'addresses',
    'bridged',
    'capabilities',
    'dhcp',
    'dns',
    'hostname',
    'own-configuration',
  ]);
  const passed = outcomes.passed?.map(({name}) => name) ?? [];
  for (const name of [
    'health',
    'identity',
    'interfaces',
    'lifecycle',
    'password',
    'reboot',
    'routed-today',
    'ssh',
    'stop',
  ])
    t.true(passed.includes(name), name);
});

test.serial('the image carries the script hooks, each executable', async (t) => {
  const {folder} = await published();
  const members = await ustarMembers(join(folder, 'image-archive.tar'));
  const hooks = members.filter(({path}) => path.startsWith('hooks/'));
  t.deepEqual(
    hooks.map(({path, mode}) => `${path} ${mode.toString(8)}`),
    [
      'hooks/ 755',
      ...['post-mount', 'post-start', 'veth-down', 'veth-up'].map((name) => `hooks/${name} 755`),
    ],
  );
});
