import {spawn} from 'node:child_process';
import {randomBytes} from 'node:crypto';
import {once} from 'node:events';
import {appendFile, chown, mkdir, readdir, readFile, rename, rm, truncate, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {createInterface} from 'node:readline';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {base} from '../../builders/base.ts';
import {builderLayers} from '../../src/builder/cache.ts';
import {checkBuilder, toolsContainer} from '../../src/builder/rootfs.ts';
import {Failure} from '../../src/failure.ts';
import {isUnfinished} from '../../src/host/durable.ts';
import {readIdmap} from '../../src/host/idmap.ts';
import {type Builder, defineBuilder} from '../../src/recipe/builder.ts';
import {cacheOptions, layersOf} from '../fixtures/builders.ts';
import {testOutput} from '../fixtures/output.ts';
import {untilNothing} from '../fixtures/residue.ts';
import {temporaryFolder} from '../host/temporary.ts';
import {smallBuilder} from './small-builder.ts';

const maker = join(import.meta.dirname, 'maker.ts');

test.before(async () => {
  await layersOf(base);
});

/** A name no other test uses, whose entries in the shared cache go with the test. */
async function ownName(t: ExecutionContext): Promise<string> {
  const name = `cache-test-${randomBytes(4).toString('hex')}`;
  const {builders} = await testOutput();
  t.teardown(async () => {
    for (const entry of await entriesOf(name)) await rm(join(builders, entry), {recursive: true});
  });
  return name;
}

async function entriesOf(name: string): Promise<string[]> {
  const {builders} = await testOutput();
  return (await readdir(builders)).filter((entry) => entry.startsWith(`${name}-`)).sort();
}

/** Gets a builder; tells its cache entry, and what was said about making it. */
async function get(builder: Builder): Promise<{readonly entry: string; readonly reasons: readonly string[]}> {
  const lines: string[] = [];
  const [layer] = await builderLayers(builder, {...(await cacheOptions()), log: (line) => lines.push(line)});
  if (layer === undefined || !('folder' in layer)) throw new Error('a builder has no folder');
  const reasons = lines.filter((line) => line.startsWith('making the builder'));
  return {entry: dirname(layer.folder), reasons};
}

test('two runs that want it at once make it once', async (t) => {
  const name = await ownName(t);
  const said = await Promise.all(
    [1, 2].map(async () => (await execa(process.execPath, [maker, name])).stdout),
  );
  t.deepEqual(said.sort(), ['done', 'making\ndone']);
  const [entry = '', ...others] = (await entriesOf(name)).filter((file) => !file.endsWith('.lock'));
  t.deepEqual(others, []);
  t.deepEqual((await readdir(join((await testOutput()).builders, entry))).sort(), ['builder.json', 'rootfs']);
});

test('what is in the cache is used again, unless it is damaged, changed or too old', async (t) => {
  const builder = smallBuilder(await ownName(t));
  const {entry, reasons} = await get(builder);
  const description = join(entry, 'builder.json');
  const says = (reason: string) => [`making the builder ${builder.name}: ${reason}`];
  t.deepEqual(reasons, says('there is none yet'));
  t.deepEqual(await get(builder), {entry, reasons: []});

  await truncate(description, 40);
  t.deepEqual(await get(builder), {entry, reasons: says('the one in the cache is damaged')});

  await appendFile(join(entry, 'rootfs/usr/bin/less'), 'x');
  t.deepEqual(await get(builder), {entry, reasons: says('the one in the cache has been changed')});

  await rm(join(entry, 'rootfs/usr/bin/less'));
  t.deepEqual(await get(builder), {entry, reasons: says('the one in the cache has been changed')});

  const made = JSON.parse(await readFile(description, 'utf8'));
  await writeFile(
    description,
    JSON.stringify({...made, made: new Date(Date.now() - 8 * 86_400_000).toISOString()}),
  );
  t.deepEqual(await get(builder), {entry, reasons: says('the one in the cache is older than 7 days')});
});

test('a builder that is replaced stays whole for a container that runs on it, and goes a day later', async (t) => {
  const builder = smallBuilder(await ownName(t));
  const {engine} = await cacheOptions();
  await using enclosure = await engine.open({
    title: 'replaced',
    purpose: 'test',
    scratch: {medium: 'disk'},
    network: 'host',
  });
  const container = await enclosure.container({
    role: 'tools',
    layers: await layersOf(builder),
    ...toolsContainer,
  });
  await container.start();
  const {entry} = await get(builder);
  await truncate(join(entry, 'builder.json'), 0);
  await get(builder);
  t.regex(await container.run(['less', '--version']), /^less \d/);

  const asides = async () => (await entriesOf(builder.name)).filter((name) => name.includes('.replaced-'));
  const [aside = '', ...others] = await asides();
  t.deepEqual(others, []);
  const yesterday = aside.replace(/\d+$/, String(Date.now() - 25 * 3_600_000));
  await rename(join(dirname(entry), aside), join(dirname(entry), yesterday));
  await truncate(join(entry, 'builder.json'), 0);
  await get(builder);
  t.false((await asides()).includes(yesterday));
});

test('a builder is made anew when the one below it was', async (t) => {
  const lower = smallBuilder(await ownName(t), []);
  const upper = defineBuilder({name: await ownName(t), base: lower, packages: ['less']});
  const {entry} = await get(upper);
  const below = JSON.parse(await readFile(join(entry, 'builder.json'), 'utf8')).below;
  t.is(below, JSON.parse(await readFile(join((await get(lower)).entry, 'builder.json'), 'utf8')).inventory);
  await truncate(join((await get(lower)).entry, 'builder.json'), 0);
  t.deepEqual((await get(upper)).reasons, [
    `making the builder ${lower.name}: the one in the cache is damaged`,
    `making the builder ${upper.name}: the one in the cache stands on an older one`,
  ]);
});

test('another definition has another entry', async (t) => {
  const name = await ownName(t);
  const [one, other] = await Promise.all([
    get(smallBuilder(name)),
    get(smallBuilder(name, ['less', 'hostname'])),
  ]);
  t.not(one.entry, other.entry);
  t.deepEqual((await get(smallBuilder(name, ['hostname', 'less']))).reasons, []);
});

test('a killed maker leaves nothing that is used', async (t) => {
  const name = await ownName(t);
  const child = spawn(process.execPath, [maker, name], {stdio: ['ignore', 'pipe', 'inherit']});
  await once(createInterface({input: child.stdout}), 'line');
  const {containers} = await testOutput();
  const running = async () =>
    (await readdir(containers)).filter((folder) => folder.startsWith(`builder-${name}-`));
  await untilNothing(async () => ((await running()).length === 0 ? ['not yet'] : []));
  child.kill('SIGKILL');
  t.deepEqual(await untilNothing(running), []);
  const {entry, reasons} = await get(smallBuilder(name));
  t.deepEqual(reasons, [`making the builder ${name}: there is none yet`]);
  t.true((await readdir(join(entry, 'rootfs/usr/bin'))).includes('less'));
  t.deepEqual(
    (await readdir(dirname(entry))).filter((file) => isUnfinished(file) && file.includes(`.${name}-`)),
    [],
  );
});

test('a killed maker of the lowest builder leaves no mmdebstrap behind', async (t) => {
  const name = await ownName(t);
  const args = [join(import.meta.dirname, 'base-maker.ts'), name, 'catatonit', name];
  const child = spawn(process.execPath, args, {stdio: ['ignore', 'pipe', 'inherit']});
  for await (const line of createInterface({input: child.stdout}))
    if (line.startsWith('I: running apt-get update')) break;
  child.kill('SIGKILL');
  const killed = performance.now();
  const running = async () => {
    const {stdout} = await execa('pgrep', ['--full', '--list-full', `mmdebstrap.*${name}`], {reject: false});
    return stdout.split('\n').filter((line) => line !== '');
  };
  t.deepEqual(await untilNothing(running), []);
  // left alone it ends too, but only when it has something to say
  t.true(performance.now() - killed < 5000);
});

test('a builder with a file that is not what its package brought is damaged, and whole without it', async (t) => {
  const folder = await temporaryFolder(t);
  const {uid, gid} = await readIdmap();
  const layers = await layersOf(base);
  const options = await cacheOptions();
  await t.notThrowsAsync(checkBuilder(base, layers, join(folder, 'whole'), options));

  for (const path of ['damaged', 'damaged/usr', 'damaged/usr/bin']) {
    await mkdir(join(folder, path), {mode: 0o755});
    await chown(join(folder, path), uid, gid);
  }
  await writeFile(join(folder, 'damaged/usr/bin/getfattr'), '');
  const damaged = [{folder: join(folder, 'damaged')}, ...layers];
  const failure = await t.throwsAsync(checkBuilder(base, damaged, join(folder, 'scratch'), options), {
    instanceOf: Failure,
    message: 'what was made is damaged',
  });
  t.is(failure.lastLines.length, 1);
  t.regex(failure.lastLines.join(''), /5.* \/usr\/bin\/getfattr$/);

  const lacking = {...base, packages: [...base.packages, 'no-such-package']};
  const other = await t.throwsAsync(checkBuilder(lacking, layers, join(folder, 'lacking'), options), {
    instanceOf: Failure,
  });
  t.regex(other.lastLines.join(''), /no-such-package/);
});

test('a package that does not exist is named, with the builder', async (t) => {
  const name = await ownName(t);
  const failure = await t.throwsAsync(get(smallBuilder(name, ['no-such-package'])), {
    message: new RegExp(`^builder ${name}: apt-get failed`),
  });
  t.regex(String(Reflect.get(failure ?? {}, 'lastLines')), /no-such-package/);
  t.deepEqual(
    (await entriesOf(name)).filter((file) => !file.endsWith('.lock')),
    [],
  );
});
