import {access} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {isAlive, listResidents, removeResident} from '../../src/container/resident.ts';
import {residentContainer} from '../../src/container/resident-container.ts';
import {bootFixture} from '../fixtures/debian-build.ts';

const starter = join(import.meta.dirname, 'start-instance.ts');

test('an instance outlives the process that started it, can be entered, and goes without a trace', async (t) => {
  const {containers} = await bootFixture();
  const {stdout: name} = await execa(process.execPath, [starter], {timeout: 60_000});
  const find = async () => (await listResidents(containers)).find((resident) => resident.name === name);

  const resident = await find();
  if (resident === undefined) return t.fail(`${name} is not in the list`);
  t.teardown(() => removeResident(containers, resident));
  t.is(resident.purpose, 'instance');
  t.true(await isAlive(resident));

  const container = await residentContainer(containers, resident);
  t.is(await container.run(['hostname']), 'look.example.org');
  t.is(await container.run(['systemctl', 'is-system-running']), 'running');
  t.regex(await container.run(['ip', '-4', 'route']), /^default via 255\.255\.255\.254/m);

  await removeResident(containers, resident);
  t.is(await find(), undefined);
  t.false(await isAlive(resident));
  await t.throwsAsync(access(join(containers, name)), {code: 'ENOENT'});
  await t.throwsAsync(residentContainer(containers, resident), {message: `${name} is not running`});
});
