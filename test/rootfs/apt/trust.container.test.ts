import {mkdir, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {pathToFileURL} from 'node:url';
import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {Failure} from '../../../src/failure.ts';
import {buildTemplate} from '../../../src/pipeline/build.ts';
import type {KeyFile} from '../../../src/recipe/step.ts';
import {aptSources, deb822Sources, dpkgPackages, dpkgResidue} from '../../../src/rootfs/apt/apt.ts';
import {mmdebstrap} from '../../../src/rootfs/apt/mmdebstrap.ts';
import {openBuildContainer} from '../../fixtures/build-container.ts';
import {layersOf} from '../../fixtures/builders.ts';
import {ownOutput} from '../../fixtures/output.ts';
import {sourceLines} from '../../fixtures/sources.ts';
import {environmentIn, tinyDistribution, tinyRequest, workbench} from '../../fixtures/tiny.ts';
import {temporaryFolder} from '../../host/temporary.ts';

// Debian's real archive: a mirror of our own would be signed by whatever key the test has, and hide others that count
const test = anyTest as TestFn<{foreign: KeyFile; debian: KeyFile}>;

test.before(async (t) => {
  await layersOf(workbench);
  await using opened = await openBuildContainer(workbench);
  const {container} = opened;
  const script = `export GNUPGHOME=$(mktemp -d)
    gpg --batch --quiet --passphrase '' --quick-generate-key 'Somebody else <else@example.org>' ed25519 sign never
    gpg --armor --export`;
  const foreign = await container.run(['sh', '-c', script], {quiet: true});
  const read = ['base64', '--wrap=0', '/usr/share/keyrings/debian-archive-keyring.gpg'];
  const debian = Buffer.from(await container.run(read, {quiet: true}), 'base64');
  t.context = {
    foreign: {name: 'foreign.asc', content: Buffer.from(foreign)},
    debian: {name: 'debian.gpg', content: debian},
  };
});

interface Trial {
  readonly keyring: string;
  readonly keys?: readonly KeyFile[];
  /** Files of the recipe's folder. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
}

/** Builds Debian with the keys of a recipe, and those of a configuration. */
async function build(t: ExecutionContext, {keyring, keys = [], files = {}}: Trial) {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'keys'));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  const distribution = tinyDistribution({
    releases: [{version: '13', codename: 'trixie', cgroups: 'any'}],
    bootstrap: () => mmdebstrap({suite: 'trixie', keyring, packages: [], pockets: {archive: []}}),
    configure: [deb822Sources({name: 'tiny', keyring})],
    listPackages: dpkgPackages,
    listSources: async (rootfs) => {
      const signed = await rootfs.read('/etc/apt/sources.list.d/tiny.sources');
      const own = await rootfs.run([
        'sh',
        '-c',
        'base64 --wrap=0 /etc/apt/keyrings/tiny.gpg 2>/dev/null || :',
      ]);
      return [...(await aptSources(rootfs)), signed ?? '', own];
    },
    seal: {remove: dpkgResidue},
  });
  const recipe = {distribution, folder: pathToFileURL(`${folder}/`)};
  return buildTemplate(tinyRequest(distribution, {recipe, keys}), environmentIn(await ownOutput(t)));
}

const debianKeys = '/usr/share/keyrings/debian-archive-keyring.gpg';

test('a configured key counts alone: Debian’s archive is not signed by a foreign one', async (t) => {
  const refused = build(t, {keyring: debianKeys, keys: [t.context.foreign]});
  const failure = await t.throwsAsync(refused, {instanceOf: Failure});
  t.regex(failure?.message ?? '', /bootstrap, mmdebstrap trixie: the mirror’s index is not signed/);
});

test('so does a recipe’s: Debian’s removed keys do not sign what is current', async (t) => {
  const refused = build(t, {keyring: '/usr/share/keyrings/debian-archive-removed-keys.gpg'});
  const failure = await t.throwsAsync(refused, {instanceOf: Failure});
  t.regex(failure?.message ?? '', /bootstrap, mmdebstrap trixie: the mirror’s index is not signed/);
});

test('a keyring that is not there is named, with what to do', async (t) => {
  for (const [keyring, message] of [
    ['/usr/share/keyrings/none.gpg', /the builder has no keyring \/usr\/share\/keyrings\/none\.gpg$/],
    ['keys/none.asc', /the recipe has no key keys\/none\.asc$/],
  ] as const) {
    const failure = await t.throwsAsync(build(t, {keyring}), {instanceOf: Failure});
    t.regex(failure?.message ?? '', message);
    t.regex(failure?.remedy ?? '', /key/);
  }
});

test('a key in the recipe’s own folder is trusted, and is in the template', async (t) => {
  const {debian, foreign} = t.context;
  const keyring = 'keys/archive.gpg';
  const {manifest} = await build(t, {keyring, files: {[keyring]: debian.content}});
  t.true(manifest.packages.some(({name}) => name === 'dpkg'));
  const sources = sourceLines(manifest.sources);
  t.regex(sources[0] ?? '', /trixie main$/);
  t.regex(sources.at(-2) ?? '', /^Signed-By: \/etc\/apt\/keyrings\/tiny\.gpg$/m);
  t.deepEqual(Buffer.from(sources.at(-1) ?? '', 'base64'), Buffer.from(debian.content));
  const refused = build(t, {keyring: 'keys/archive.asc', files: {'keys/archive.asc': foreign.content}});
  await t.throwsAsync(refused, {message: /the mirror’s index is not signed/});
});
