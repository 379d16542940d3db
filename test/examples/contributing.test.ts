import {cp, readFile, symlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {osctlTemplate, root} from '../cli/osctl-template.ts';
import {folderWith} from '../folders.ts';

/** CONTRIBUTING.md's tutorial, the section about a changed step. */
async function tutorial(): Promise<string> {
  const text = await readFile(join(root, 'CONTRIBUTING.md'), 'utf8');
  return /^## From a clone to a changed step\n+(.*?)^## /ms.exec(text)?.[1] ?? '';
}

/** Its blocks of commands, in their order, each as one script. */
function commandsIn(text: string): string[] {
  return text.split('\n\n').filter((block) => block.startsWith('    '));
}

/** A copy of the checkout with the recipes that the tutorial changes; the rest is linked. */
async function copyOfCheckout(folder: string): Promise<void> {
  await cp(join(root, 'distributions'), join(folder, 'distributions'), {recursive: true});
  for (const name of ['src', 'builders', 'package.json', 'tsconfig.json', 'osctl-templates.yml'])
    await cp(join(root, name), join(folder, name), {recursive: true});
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await cp(join(root, 'osctl-template'), join(folder, 'osctl-template'));
}

test('the tutorial’s files and step make a recipe with nothing wrong', async (t) => {
  const text = await tutorial();
  const [clone = '', files = '', ...commands] = commandsIn(text);
  t.regex(clone, /git clone/);
  t.regex(files, /mkdir -p distributions\/debian\//);
  const [, step = ''] = /```ts\n(.*?)```/s.exec(text) ?? [];
  const [before = '', ...added] = step.split(/(?<=\n)/);

  const folder = await folderWith(t, {});
  await copyOfCheckout(folder);
  await execa('sh', ['-euc', files], {cwd: folder});
  const module = join(folder, 'distributions/debian/index.ts');
  const source = await readFile(module, 'utf8');
  t.is(source.split(before).length, 2, `${before.trim()} is not on one line of Debian's recipe`);
  await writeFile(
    module,
    source.replace(before, () => [before, ...added].join('')),
  );

  const {exitCode, all} = await execa(
    join(folder, 'osctl-template'),
    ['check-recipe', 'distributions/debian'],
    {
      cwd: folder,
      reject: false,
      all: true,
    },
  );
  t.is(exitCode, 0, all);

  // the rest are commands of ours about a template that there is
  const called = commands.flatMap((block) => [...block.matchAll(/^ {4}\.\/osctl-template (\S+) (\S+)/gm)]);
  t.true(called.length >= 3);
  for (const [, command = '', template = ''] of called) {
    t.is((await osctlTemplate([command, '--help'])).exitCode, 0, command);
    t.is((await osctlTemplate(['ls', template])).exitCode, 0, template);
  }
});

test('the step of one’s own is one that check-recipe takes', async (t) => {
  const text = await readFile(join(root, 'CONTRIBUTING.md'), 'utf8');
  const [, own = ''] = /^## A step of your own\n.*?```ts\n(.*?)```/ms.exec(text) ?? [];
  t.regex(own, /^const editor = step\(/m);
  const skeleton = await readFile(join(root, 'examples/sysvian/index.ts'), 'utf8');
  const module =
    own + skeleton.replace(/\bstep\b,?/, '').replace('configure: [', 'configure: [\n    editor,');
  t.true(module.includes('    editor,'));
  const folder = await folderWith(t, {});
  await cp(join(root, 'examples/sysvian'), join(folder, 'sysvian'), {recursive: true});
  await writeFile(join(folder, 'sysvian/index.ts'), module);
  const {exitCode, all} = await osctlTemplate(['check-recipe', join(folder, 'sysvian')]);
  t.is(exitCode, 0, all);
});
