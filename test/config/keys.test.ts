import {join} from 'node:path';
import test from 'ava';
import {readKeys} from '../../src/config/keys.ts';
import {loadConfiguration} from '../../src/config/load.ts';
import {Failure} from '../../src/failure.ts';
import {folderWith} from '../folders.ts';

test('keys are read from the folder of the file, by distribution, with the names tools know them by', async (t) => {
  const folder = await folderWith(t, {
    'osctl-templates.yml': 'keys:\n  debian: keys/mirror.asc\n  alpine: [keys/a.rsa.pub, keys/b.rsa.pub]\n',
    'keys/mirror.asc': 'one',
    'keys/a.rsa.pub': 'two',
    'keys/b.rsa.pub': 'three',
  });
  const keys = await readKeys(await loadConfiguration({env: {}, folder, root: folder}));
  const read = Object.entries(keys).map(([name, files]) => [
    name,
    files.map((key) => `${key.name}: ${Buffer.from(key.content)}`),
  ]);
  t.deepEqual(Object.fromEntries(read), {
    debian: ['mirror.asc: one'],
    alpine: ['a.rsa.pub: two', 'b.rsa.pub: three'],
  });
});

test('every key that cannot be read is told with file and line', async (t) => {
  const folder = await folderWith(t, {
    'osctl-templates.yml': 'keys:\n  debian: none.asc\n  alpine:\n    - none.rsa.pub\n',
  });
  const configuration = await loadConfiguration({env: {}, folder, root: folder});
  const error = await t.throwsAsync(readKeys(configuration), {instanceOf: Failure});
  const file = join(folder, 'osctl-templates.yml');
  t.is(error.exitCode, 2);
  t.true(error.message.includes(`${file}:2: keys.debian`), error.message);
  t.true(error.message.includes(`${file}:4: keys.alpine`), error.message);
});
