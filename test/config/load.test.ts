import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {loadConfiguration} from '../../src/config/load.ts';
import {Failure} from '../../src/failure.ts';
import {folderWith} from '../folders.ts';

const layout = {
  'root/osctl-templates.yml': 'vendor: root',
  'here/osctl-templates.yml': 'vendor: here',
  'named.yml': 'vendor: named\noutput: out',
  'empty/README': '',
};

test("the file is the named one, else the current folder's, else the project's", async (t) => {
  const top = await folderWith(t, layout);
  const root = join(top, 'root');
  const here = join(top, 'here');
  const env = {OSCTL_TEMPLATE_CONFIG: join(here, 'osctl-templates.yml')};
  const vendor = async (surroundings: Parameters<typeof loadConfiguration>[0]) =>
    (await loadConfiguration({env: {}, root, ...surroundings})).vendor;

  t.is(await vendor({folder: here}), 'here');
  t.is(await vendor({folder: top}), 'root');
  t.is(await vendor({folder: top, env}), 'here');
  t.is(await vendor({folder: here, env, flags: {config: '../named.yml'}}), 'named');
  t.is(await vendor({folder: top, root: top}), 'vpsadminos');
});

test("a named file's paths start at its own folder", async (t) => {
  const top = await folderWith(t, layout);
  const {output} = await loadConfiguration({
    env: {},
    folder: join(top, 'empty'),
    flags: {config: '../named.yml'},
  });
  t.is(output, join(top, 'out'));
});

test('a named file must be there', async (t) => {
  const folder = await folderWith(t, layout);
  const error = await t.throwsAsync(loadConfiguration({env: {}, folder, flags: {config: 'nmaed.yml'}}), {
    instanceOf: Failure,
    message: `${folder}/nmaed.yml: there is no such file`,
  });
  t.is(error.exitCode, 2);
});

test('a file that cannot be read is named', async (t) => {
  const folder = await folderWith(t, {'osctl-templates.yml/README': 'a folder'});
  const error = await t.throwsAsync(loadConfiguration({env: {}, folder}), {instanceOf: Failure});
  t.is(error.exitCode, 2);
  t.true(error.message.startsWith(`${folder}/osctl-templates.yml: cannot be read: EISDIR`), error.message);
});

test("the project's own file is found from anywhere", async (t) => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const folder = await folderWith(t, {});
  const {file, output} = await loadConfiguration({env: {}, folder});
  t.is(file?.path, join(root, 'osctl-templates.yml'));
  t.is(output, join(root, 'output'));
});
