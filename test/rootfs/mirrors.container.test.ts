import {mkdtemp, readdir, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {Failure} from '../../src/failure.ts';
import {buildTemplate} from '../../src/pipeline/build.ts';
import type {BuildEnvironment} from '../../src/pipeline/request.ts';
import {dpkgPackages} from '../../src/rootfs/apt/apt.ts';
import {mmdebstrap} from '../../src/rootfs/apt/mmdebstrap.ts';
import {layersOf} from '../fixtures/builders.ts';
import {freePort} from '../fixtures/free-port.ts';
import {ownOutput} from '../fixtures/output.ts';
import {environmentIn, tinyDistribution, tinyRequest, workbench} from '../fixtures/tiny.ts';
import {makeTinyArchive, serveDuring, type TinyArchive} from './tiny-archive.ts';

const test = anyTest as TestFn<{archive: TinyArchive; folder: string}>;
const folder = await mkdtemp(join(tmpdir(), 'osctl-template-test-'));

test.before(async (t) => {
  await layersOf(workbench);
  const archive = await makeTinyArchive(join(folder, 'archive'));
  t.context = {archive, folder};
});

test.after.always(() => rm(folder, {recursive: true, force: true}));

type Context = ExecutionContext<{archive: TinyArchive; folder: string}>;

interface Recipe {
  readonly packages?: readonly string[];
  /** Seconds without a byte after which a mirror is given up. */
  readonly timeout?: number;
}

/** Builds a suite of the tiny archive from mirrors, by a builder that trusts its key. */
async function build(
  t: Context,
  suite: string,
  mirrors: readonly string[],
  {packages = ['greeting'], timeout = 30, ...changes}: Partial<BuildEnvironment> & Recipe = {},
) {
  const bootstrap = mmdebstrap({
    suite,
    keyring: '/srv/tiny-archive.asc',
    packages,
    pockets: {archive: []},
    timeout,
  });
  const distribution = tinyDistribution({
    bootstrap: () => ({
      name: bootstrap.name,
      async run(rootfs, context) {
        const trust = ['sh', '-c', 'cat > /srv/tiny-archive.asc'];
        await context.container.run(trust, {input: t.context.archive.key});
        await bootstrap.run(rootfs, context);
      },
    }),
    listPackages: dpkgPackages,
    seal: {
      remove: [
        '/etc/apt/apt.conf.d/99mmdebstrap',
        '/var/cache/apt/*',
        '/var/lib/apt/lists/*',
        '/var/lib/dpkg/*-old',
      ],
    },
  });
  const environment = environmentIn(await ownOutput(t), {acceptExpired: false, ...changes});
  return buildTemplate(tinyRequest(distribution, {sources: {archive: mirrors}}), environment);
}

/** The failure of a build, which must name stage and step and leave nothing. */
async function failure(
  t: Context,
  suite: string,
  mirrors: readonly string[],
  recipe: Recipe = {},
): Promise<Failure> {
  const building = build(t, suite, mirrors, recipe);
  const error: unknown = await building.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof Failure)) throw new Error(`no Failure: ${error}`);
  t.true(error.message.startsWith(`tiny-1: bootstrap, mmdebstrap ${suite}: `), error.message);
  t.regex(error.log ?? '', /tiny-1-.*\.log$/);
  return error;
}

/** An address that nobody listens on. */
const closedAddress = async () => `http://127.0.0.1:${await freePort()}`;

test('a mirror that is signed by the right key and complete is used', async (t) => {
  const {url} = await serveDuring(t, t.context.archive.folder);
  const {manifest, folder} = await build(t, 'good', [url]);
  t.deepEqual(
    manifest.packages.map(({name}) => name),
    ['apt', 'base', 'greeting'],
  );
  t.true((await readdir(folder)).includes('rootfs.tar.gz'));
});

test('a mirror that refuses connections', async (t) => {
  const {message, remedy} = await failure(t, 'good', [await closedAddress()]);
  t.regex(message, /the mirror cannot be reached$/);
  t.regex(remedy ?? '', /another mirror under `mirrors:`/);
});

test('a mirror that accepts and never answers', async (t) => {
  const {url} = await serveDuring(t, t.context.archive.folder, () => true);
  const {message, remedy} = await failure(t, 'good', [url], {timeout: 1});
  t.regex(message, /the mirror does not answer in time$/);
  t.regex(remedy ?? '', /another mirror/);
});

test('a mirror that has half an index', async (t) => {
  const {url} = await serveDuring(t, t.context.archive.folder, (path, content, response) => {
    if (!path.endsWith('/Packages')) return false;
    response.end(content.subarray(0, content.length / 2));
    return true;
  });
  const {message, remedy} = await failure(t, 'good', [url]);
  t.regex(message, /does not match the signed index: truncated or replaced$/);
  t.regex(remedy ?? '', /another mirror/);
});

test('a mirror that has half a package', async (t) => {
  const {url} = await serveDuring(t, t.context.archive.folder, (path, content, response) => {
    if (!path.endsWith('.deb')) return false;
    response.end(content.subarray(0, content.length / 2));
    return true;
  });
  t.regex((await failure(t, 'good', [url])).message, /truncated or replaced$/);
});

test('a mirror that breaks off in the middle of a package', async (t) => {
  const {url} = await serveDuring(t, t.context.archive.folder, (path, content, response) => {
    if (!path.includes('/base_')) return false;
    response.writeHead(200, {'content-length': content.length});
    response.write(content.subarray(0, content.length / 2), () => response.destroy());
    return true;
  });
  t.regex((await failure(t, 'good', [url])).message, /truncated or replaced$|cannot be reached$/);
});

test('a mirror whose package was replaced by another of the same size', async (t) => {
  const {url} = await serveDuring(t, t.context.archive.folder, (path, content, response) => {
    if (!path.includes('/base_')) return false;
    const replaced = Buffer.from(content);
    replaced.writeUInt8(replaced.readUInt8(1000) ^ 1, 1000);
    response.end(replaced);
    return true;
  });
  const {message, lastLines} = await failure(t, 'good', [url]);
  t.regex(message, /truncated or replaced$/);
  t.regex(lastLines.join('\n'), /^E: Failed to fetch .*\/base_1_amd64\.deb +Hash Sum mismatch$/m);
});

test('a mirror that does not have the suite; the next one is asked', async (t) => {
  const [first, next] = [await serveDuring(t, t.context.folder), await serveDuring(t, t.context.folder)];
  const {message, remedy} = await failure(t, 'good', [first.url, next.url]);
  t.regex(message, /the mirror does not have this suite$/);
  t.regex(remedy ?? '', /address/);
  t.true(next.asked.length > 0);
});

test('a mirror signed by a stranger is not to be trusted, and no other is tried', async (t) => {
  const {url} = await serveDuring(t, t.context.archive.folder);
  const next = await serveDuring(t, t.context.archive.folder);
  const {message, remedy} = await failure(t, 'stranger', [url, next.url]);
  t.regex(message, /not signed by the distribution’s key$/);
  t.regex(remedy ?? '', /not to be trusted/);
  t.deepEqual(next.asked, []);
});

test('nor is one that is not signed at all', async (t) => {
  const {url} = await serveDuring(t, t.context.archive.folder);
  const next = await serveDuring(t, t.context.archive.folder);
  t.regex((await failure(t, 'unsigned', [url, next.url])).message, /not signed by the distribution’s key$/);
  t.deepEqual(next.asked, []);
});

test('an expired mirror says how it can be used after all, and then can', async (t) => {
  const {url} = await serveDuring(t, t.context.archive.folder);
  const {message, remedy} = await failure(t, 'expired', [url]);
  t.regex(message, /the mirror’s index has expired/);
  t.regex(remedy ?? '', /acceptExpired/);
  const {manifest} = await build(t, 'expired', [url], {acceptExpired: true});
  t.true(manifest.packages.some(({name}) => name === 'greeting'));
});

test('the next mirror is used when one refuses, and when one is truncated', async (t) => {
  const truncated = await serveDuring(t, t.context.archive.folder, (path, content, response) => {
    if (!path.endsWith('/Packages')) return false;
    response.end(content.subarray(0, content.length / 2));
    return true;
  });
  const whole = await serveDuring(t, t.context.archive.folder);
  const {manifest} = await build(t, 'good', [await closedAddress(), truncated.url, whole.url]);
  t.true(manifest.packages.some(({name}) => name === 'greeting'));
  t.true(truncated.asked.length > 0);
});

test('a package that the mirror does not have', async (t) => {
  const {url} = await serveDuring(t, t.context.archive.folder);
  const {message, lastLines} = await failure(t, 'good', [url], {packages: ['no-such-package']});
  t.regex(message, /the mirror does not have a package the recipe asks for$/);
  t.regex(lastLines.join('\n'), /no-such-package/);
});
