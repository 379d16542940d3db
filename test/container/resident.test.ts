import {mkdir, readdir, utimes, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {listResidents, reap} from '../../src/container/resident.ts';
import {temporaryFolder} from '../host/temporary.ts';

const resident = {
  name: 'debian-13-c0ffee',
  title: 'debian-13',
  purpose: 'build',
  holder: 0,
  holderStart: '1',
  started: '2026-11-23T15:30:00.000Z',
  ownNetwork: false,
};

/** A folder of containers with one whose file says this. */
async function containersWith(t: Parameters<typeof temporaryFolder>[0], content: string): Promise<string> {
  const containers = join(await temporaryFolder(t), 'output/containers');
  const folder = join(containers, 'debian-13-c0ffee');
  await mkdir(folder, {recursive: true});
  await writeFile(join(folder, 'resident.json'), content);
  const longAgo = new Date('2026-11-23T15:30:00Z');
  await utimes(folder, longAgo, longAgo);
  return containers;
}

test('the name of what runs is its folder’s: a file that says another leads nowhere else', async (t) => {
  const containers = await containersWith(t, JSON.stringify({...resident, name: '../../precious'}));
  const precious = join(containers, '../../precious');
  await mkdir(precious);
  t.deepEqual(
    (await listResidents(containers)).map(({name}) => name),
    ['debian-13-c0ffee'],
  );
  t.deepEqual(await reap(containers), ['debian-13-c0ffee']);
  t.deepEqual(await readdir(precious), []);
  t.deepEqual(await readdir(containers), []);
});

for (const content of [
  '',
  'null',
  '{}',
  '[]',
  '{"holder": "1"}',
  JSON.stringify({...resident, holder: -1}),
]) {
  test(`a file that is none, ${content || 'an empty one'}, is what a killed process left`, async (t) => {
    const containers = await containersWith(t, content);
    t.like((await listResidents(containers))[0], {name: 'debian-13-c0ffee', holder: 0});
    t.deepEqual(await reap(containers), ['debian-13-c0ffee']);
  });
}
