import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {readBuild, writeManifest} from '../../src/image/manifest.ts';
import {describeManifest, temporaryFolder, writeBuild} from '../repository/builds.ts';

const serial = '20261123T153000Z';

test('a manifest is read as it was written', async (t) => {
  const folder = await temporaryFolder(t);
  const manifest = {
    ...describeManifest({serial, tags: ['stable']}),
    endOfLife: '2030-06-30',
    sources: [{kind: 'deb', url: 'https://deb.example/debian', description: 'trixie main'}],
  };
  await writeManifest(folder, manifest);
  t.deepEqual((await readBuild(folder)).manifest, manifest);
});

test('sources of the first builds, which are lines of text, are data', async (t) => {
  const {folder} = await writeBuild(await temporaryFolder(t), {serial});
  const path = join(folder, 'manifest.json');
  const lines = ['https://deb.example/debian trixie main', 'profile default/linux'];
  await writeFile(path, JSON.stringify({...JSON.parse(await readFile(path, 'utf8')), sources: lines}));
  t.deepEqual((await readBuild(folder)).manifest.sources, [
    {kind: 'line', url: 'https://deb.example/debian', description: 'https://deb.example/debian trixie main'},
    {kind: 'line', url: '', description: 'profile default/linux'},
  ]);
});

test('a manifest that could not be read again is not written', async (t) => {
  const folder = await temporaryFolder(t);
  const manifest = describeManifest({serial});
  await t.throwsAsync(writeManifest(folder, {...manifest, tags: ['../x']}), {message: /tags\.0/});
  await t.throwsAsync(readBuild(folder), {message: /ENOENT/});
});
