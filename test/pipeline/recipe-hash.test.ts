import {chmod, rename, symlink, unlink, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import test from 'ava';
import {recipeHash} from '../../src/pipeline/recipe-hash.ts';
import {folderWith} from '../folders.ts';

const files = {'index.ts': 'export default 1;\n', 'files/etc/motd': 'Welcome\n'};

test('the same recipe has the same hash wherever it is, also below a name that means something in a URL', async (t) => {
  const [here, there] = await Promise.all([folderWith(t, files), folderWith(t, {'100% #1/index.ts': ''})]);
  const odd = join(there, '100% #1');
  await writeFile(join(odd, 'index.ts'), files['index.ts']);
  await rename(join(here, 'files'), join(odd, 'files'));
  const again = await folderWith(t, files);
  t.is(await hashOf(odd), await hashOf(again));
});

test('everything that changes what is installed changes the hash', async (t) => {
  const folder = await folderWith(t, files);
  const motd = join(folder, 'files/etc/motd');
  const seen = [await hashOf(folder)];
  const changes = [
    () => writeFile(motd, 'welcome\n'),
    () => chmod(motd, 0o755),
    () => rename(motd, join(folder, 'files/etc/issue')),
    () => symlink('issue', motd),
    () => unlink(motd).then(() => symlink('issue.net', motd)),
  ];
  for (const change of changes) {
    await change();
    seen.push(await hashOf(folder));
  }
  t.is(new Set(seen).size, seen.length);
});

test('a file is not mistaken for the end of the one before', async (t) => {
  const one = await folderWith(t, {a: 'x\n', b: 'y\n'});
  const other = await folderWith(t, {a: 'x\nb', 'b ': 'y\n'});
  t.not(await hashOf(one), await hashOf(other));
});

function hashOf(folder: string): Promise<string> {
  return recipeHash(pathToFileURL(`${folder}/`));
}
