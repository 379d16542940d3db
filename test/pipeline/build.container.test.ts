import {createReadStream} from 'node:fs';
import {mkdir, readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {gunzipSync} from 'node:zlib';
import test from 'ava';
import {toolsContainer} from '../../src/builder/rootfs.ts';
import {lxcEngine} from '../../src/container/enclosure.ts';
import type {TemplateEvent} from '../../src/event.ts';
import {Failure} from '../../src/failure.ts';
import type {Output} from '../../src/host/output.ts';
import {buildTemplate} from '../../src/pipeline/build.ts';
import {type Step, step} from '../../src/recipe/step.ts';
import {layersOf} from '../fixtures/builders.ts';
import {ownOutput} from '../fixtures/output.ts';
import {environmentIn, tinyBootstrap, tinyDistribution, tinyRequest, workbench} from '../fixtures/tiny.ts';

test.before(async () => {
  await layersOf(workbench);
});

const epoch = 1_763_900_000;
const capability = '0100000200200000000000000000000000000000';

/** Files in an order of their own, one with a capability, all of them younger than the epoch. */
const files = (names: readonly string[]): Step =>
  step('files', async (_rootfs, {container}) => {
    await container.run([
      'sh',
      '-c',
      'cd "$0" && for name; do echo "$name" > "$name"; done',
      container.tree,
      ...names,
    ]);
    const file = `${container.tree}/usr/bin/cat`;
    await container.run(['setfattr', '--name=security.capability', `--value=0x${capability}`, file]);
  });

test('two builds of the same tree with a fixed time give the same bytes', async (t) => {
  const names = ['b', 'ä', 'a', 'B', 'a.b', 'with space'];
  const builds = [];
  for (const [serial, order] of [
    ['20261123T153000Z', names],
    ['20261124T010000Z', names.toReversed()],
  ] as const) {
    const distribution = tinyDistribution({configure: [files(order)]});
    const output = await ownOutput(t);
    builds.push(await buildTemplate(tinyRequest(distribution, {serial}), environmentIn(output, {epoch})));
  }
  const [first, second] = builds.map(({manifest}) => manifest.files);
  t.truthy(first?.['rootfs.tar.gz']);
  t.deepEqual(first?.['rootfs.tar.gz'], second?.['rootfs.tar.gz']);
  t.deepEqual(first?.['image-archive.tar'], second?.['image-archive.tar']);
});

test('builds of one template that were started in one second have serials of their own', async (t) => {
  const output = await ownOutput(t);
  const serial = '20261123T153000Z';
  const distribution = tinyDistribution();
  const {id} = (await buildTemplate(tinyRequest(distribution, {serial}), environmentIn(output))).manifest;
  const second = await buildTemplate(tinyRequest(distribution, {serial}), environmentIn(output));
  t.is(second.manifest.serial, '20261123T153001Z');
  t.true(second.folder.endsWith(`/${id}/20261123T153001Z`));
  const repository = join(output.root, 'published');
  await mkdir(join(repository, 'builds', id, '20261123T160000Z'), {recursive: true});
  const third = await buildTemplate(tinyRequest(distribution, {serial, repository}), environmentIn(output));
  t.is(third.manifest.serial, '20261123T160001Z');
});

test('a file capability is packed as version 2 and is there after unpacking', async (t) => {
  const output = await ownOutput(t);
  const distribution = tinyDistribution({configure: [files([])]});
  const {folder} = await buildTemplate(tinyRequest(distribution), environmentIn(output, {epoch}));
  const packed = join(folder, 'rootfs.tar.gz');
  const header = Buffer.concat([
    Buffer.from('SCHILY.xattr.security.capability='),
    Buffer.from(capability, 'hex'),
  ]);
  t.true(gunzipSync(await readFile(packed)).includes(header));

  await using enclosure = await lxcEngine(output.containers).open({
    title: 'unpacked',
    purpose: 'test',
    scratch: {medium: 'disk'},
    network: 'host',
  });
  const layer = await enclosure.unpack('image', createReadStream(packed), {gzip: true});
  const container = await enclosure.container({
    role: 'tools',
    layers: [layer, ...(await layersOf(workbench))],
    ...toolsContainer,
  });
  await container.start();
  const found = await container.run([
    'getfattr',
    '--encoding=hex',
    '--name=security.capability',
    '/usr/bin/cat',
  ]);
  t.regex(found, new RegExp(`security.capability=0x${capability}`));
});

test('a build leaves its images, its manifest and its log, and nothing that runs', async (t) => {
  const output = await ownOutput(t);
  const events: TemplateEvent[] = [];
  const environment = environmentIn(output, {report: (event) => events.push(event)});
  const {folder, manifest} = await buildTemplate(tinyRequest(tinyDistribution()), environment);
  t.deepEqual((await readdir(folder)).sort(), [
    'build.log',
    'image-archive.tar',
    'manifest.json',
    'rootfs.tar.gz',
  ]);
  t.deepEqual(JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8')), manifest);
  t.deepEqual(
    events.flatMap((event) => (event.type === 'stage' ? [event.stage] : [])),
    ['builder', 'bootstrap', 'integrate', 'seal', 'pack'],
  );
  t.deepEqual(await readdir(output.containers), []);
});

/** Builds what must fail and gives its failure, after a look at what is left. */
async function failed(output: Output, configure: readonly Step[], changes = {}): Promise<Failure> {
  const request = tinyRequest(tinyDistribution({configure}));
  const error: unknown = await buildTemplate(request, environmentIn(output, changes)).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error(`no Failure: ${error}`);
  const left = [...(await readdir(output.containers)), ...(await readdir(output.builds))];
  if (left.length > 0) throw new Error(`left over: ${left.join(', ')}`);
  return error;
}

test('a step that fails is named, with its stage, its log and what it said', async (t) => {
  const broken = step('locale', async (rootfs) => {
    await rootfs.run(['sh', '-c', 'echo generating; echo no such locale >&2; exit 5']);
  });
  const failure = await failed(await ownOutput(t), [broken]);
  t.regex(failure.message, /^tiny-1: configure, locale: .*failed with exit code 5$/s);
  t.true(failure.lastLines.includes('no such locale'));
  t.is(failure.exitCode, 1);
  t.regex(
    await readFile(failure.log ?? '', 'utf8'),
    /^== configure: locale\n(.*\n)*no such locale\n== failed: /m,
  );
});

test('a step that hangs is ended at its limit', async (t) => {
  const hanging = step('services', async (rootfs) => {
    await rootfs.run(['sh', '-c', 'echo waiting; sleep 1000']);
  });
  const begun = performance.now();
  const failure = await failed(await ownOutput(t), [hanging], {time: {step: 10, build: 120}});
  t.true(performance.now() - begun < 60_000);
  t.is(failure.message, 'tiny-1: configure, services: the step took longer than 10 s');
  t.regex(failure.remedy ?? '', /limit/);
  t.true(failure.lastLines.includes('waiting'));
});

test('so is a build', async (t) => {
  const hanging = step('services', (rootfs) => rootfs.run(['sleep', '1000']).then(() => undefined));
  const failure = await failed(await ownOutput(t), [hanging], {time: {step: 60, build: 15}});
  t.regex(failure.message, /^tiny-1: .*: the build took longer than 15 s$/);
});

test('an interrupted build ends with the reason for the interruption, and leaves nothing', async (t) => {
  const controller = new AbortController();
  const reason = new Failure('interrupted', {kind: 'interrupted'});
  const hanging = step('services', async (rootfs) => {
    const sleeping = rootfs.run(['sleep', '1000']);
    controller.abort(reason);
    await sleeping;
  });
  t.is(await failed(await ownOutput(t), [hanging], {signal: controller.signal}), reason);
});

test('a full disk is told as one, with what to do', async (t) => {
  const large = step('large', (rootfs) =>
    rootfs.run(['sh', '-c', 'cat /dev/zero > /large']).then(() => undefined),
  );
  const scratch = {medium: 'tmpfs', bytes: 64 * 2 ** 20} as const;
  const failure = await failed(await ownOutput(t), [large], {scratch});
  t.regex(failure.message, /^tiny-1: configure, large: no space left/);
  t.is(failure.kind, 'machine');
  t.regex(failure.remedy ?? '', /--tree disk/);
});

test('what a step leaves behind changes nothing after it: it is ended, and named in the log', async (t) => {
  const output = await ownOutput(t);
  const waiting = `while [ -e /etc/hostname ] || sleep 0.01; do :; done; echo 'root:known:::::::' > /etc/shadow`;
  const leave = step('daemon', (rootfs) =>
    rootfs
      .run(['sh', '-c', `(setsid sh -c "${waiting}" >/dev/null 2>&1 &); (sleep 600 &); true`])
      .then(() => undefined),
  );
  const distribution = tinyDistribution({
    configure: [leave],
    bootstrap: () =>
      step('tiny tree', async (rootfs, context) => {
        await tinyBootstrap.run(rootfs, context);
        await context.container.run(['sh', '-c', 'cp /usr/bin/setsid "$0/usr/bin/"', context.container.tree]);
      }),
  });
  const {folder, manifest} = await buildTemplate(tinyRequest(distribution), environmentIn(output, {epoch}));
  const log = await readFile(join(folder, 'build.log'), 'utf8');
  t.regex(log, /^left running, and ended: sleep 600$/m);
  t.regex(log, /^left running, and ended: sh -c while /m);
  const listing = gunzipSync(await readFile(join(folder, 'rootfs.tar.gz')));
  t.false(listing.includes('root:known'));
  t.true((manifest.seconds.configure ?? 0) < 60);
});

test('programs of the tree have no part in its inspection', async (t) => {
  const output = await ownOutput(t);
  // outside of the tree, where a step that is no friend can write as well
  const replace = step('hiding', async (_rootfs, {container}) => {
    const script = `for name in find getfattr grep tar cat; do
        printf '#!/bin/sh\nexit 0\n' > /usr/local/bin/$name && chmod 755 /usr/local/bin/$name
      done
      mkdir -p "$0/etc/wonder" && printf -- '-----BEGIN %s KEY-----\n' PRIVATE > "$0/etc/wonder/id"`;
    await container.run(['sh', '-c', script, container.tree]);
  });
  const distribution = tinyDistribution({configure: [replace]});
  const building = buildTemplate(tinyRequest(distribution), environmentIn(output, {epoch}));
  await t.throwsAsync(building, {message: /\/etc\/wonder\/id has a private key/});
});
