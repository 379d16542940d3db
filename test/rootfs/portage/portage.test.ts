import test from 'ava';
import {Failure} from '../../../src/failure.ts';
import {command} from '../../../src/host/command.ts';
import type {Rootfs} from '../../../src/recipe/rootfs.ts';
import type {StepContext} from '../../../src/recipe/step.ts';
import {Unreachable} from '../../../src/rootfs/diagnosis.ts';
import {portageDiagnostics} from '../../../src/rootfs/portage/failure.ts';
import {
  binaryPackages,
  installedPackage,
  onMirror,
  portagePackages,
  portageSources,
  portageTrial,
} from '../../../src/rootfs/portage/portage.ts';
import {diagnosis} from '../../fixtures/diagnosis.ts';
import {complainingTree} from '../../fixtures/long-complaint.ts';
import {tinyDistribution, tinyRequest} from '../../fixtures/tiny.ts';
import {treeWith} from '../../fixtures/tree-with.ts';

const portageFailure = diagnosis.bind(undefined, portageDiagnostics);

const packages: [folder: string, name: string, version: string][] = [
  ['sys-apps/iproute2-6.17.0', 'sys-apps/iproute2', '6.17.0'],
  ['net-misc/openssh-10.2_p1-r1', 'net-misc/openssh', '10.2_p1-r1'],
  ['media-libs/libpng-compat-1.6.50', 'media-libs/libpng-compat', '1.6.50'],
  ['dev-libs/gobject-introspection-common-1.82.0', 'dev-libs/gobject-introspection-common', '1.82.0'],
  ['sys-libs/db-5.3.28-r11', 'sys-libs/db', '5.3.28-r11'],
  ['x11-libs/gtk+-3.24.51', 'x11-libs/gtk+', '3.24.51'],
];

for (const [folder, name, version] of packages) {
  test(`${folder} is ${name} in version ${version}`, (t) => {
    t.deepEqual(installedPackage(`/var/db/pkg/${folder}`), [{name, version, arch: 'amd64'}]);
  });
}

test('what Portage merges just now is not installed', async (t) => {
  t.deepEqual(installedPackage('/var/db/pkg/sys-apps/-MERGING-iproute2-6.17.0'), []);
  const tree = packagesIn({}, '/var/db/pkg/b-c/x-2\n/var/db/pkg/a-c/y-1\n');
  t.deepEqual(
    (await portagePackages(tree)).map(({name}) => name),
    ['a-c/y', 'b-c/x'],
  );
});

const binhost = `[gentoobinhost]
priority = 1
sync-uri = https://distfiles.gentoo.org/releases/amd64/binpackages/23.0/x86-64_musl
verify-signature = true
`;

test('a configured mirror is asked for the binary packages of the same flavour', (t) => {
  t.is(
    onMirror(binhost, 'http://localhost:8000/gentoo/'),
    binhost.replace('https://distfiles.gentoo.org', 'http://localhost:8000/gentoo'),
  );
});

const release = {version: 'musl', codename: 'musl', cgroups: 'any'} as const;
const distfiles = ['http://one.example.org/a&b#c/', 'http://two.example.org'];
const trial = portageTrial('app-text/tree', 'tree', {release, acceptExpired: false, mirrors: {distfiles}});

test('the trial asks the same mirror for packages as a build', async (t) => {
  const [, , [, , , expression = ''] = []] = trial.install;
  const stdout = await command(['sed', '-E', expression], {input: binhost});
  t.is(stdout.trim(), onMirror(binhost, 'http://one.example.org/a&b#c').trim());
});

test('the trial takes no snapshot and no package that is not signed', (t) => {
  const [trust, snapshot = [], , install = []] = trial.install;
  t.deepEqual(trust, ['getuto']);
  t.true(snapshot.includes('FEATURES=webrsync-gpg'));
  t.true(snapshot.includes('GENTOO_MIRRORS=http://one.example.org/a&b#c http://two.example.org'));
  t.true(install.some((word) => word.startsWith('FEATURES=') && word.includes(' binpkg-request-signature ')));
  for (const option of ['--getbinpkg', '--usepkgonly', 'app-text/tree']) t.true(install.includes(option));
});

test('sources are the host of binary packages and the profile', async (t) => {
  const tree = packagesIn(
    {'/etc/portage/binrepos.conf/gentoobinhost.conf': binhost},
    '../../var/db/repos/gentoo/profiles/default/linux/amd64/23.0/musl\n',
  );
  t.deepEqual(await portageSources(tree), [
    'binary packages of https://distfiles.gentoo.org/releases/amd64/binpackages/23.0/x86-64_musl',
    'profile default/linux/amd64/23.0/musl',
  ]);
});

test('a stage3 that names no host of binary packages is a mistake', async (t) => {
  const error = await t.throwsAsync(portageSources(packagesIn({}, '')), {instanceOf: Failure});
  t.regex(error?.message ?? '', /names no host of binary packages in \/etc\/portage\/binrepos\.conf$/);
});

const said: [line: string, means: RegExp, elsewhere: boolean][] = [
  ['portage.exception.InvalidSignature: GPG verify failed', /not signed by the distribution’s key/, false],
  ['!!! Missing signature', /not signed by the distribution’s key/, false],
  ['!!! Fetched file: vim-9.1-1.gpkg.tar VERIFY FAILED!', /truncated or replaced/, false],
  ['!!! Digest verification failed:', /truncated or replaced/, false],
  [
    "!!! [gentoobinhost] Error fetching binhost package info from 'http://localhost'",
    /cannot be fetched/,
    true,
  ],
  [
    'emerge: there are no binary packages to satisfy "app-editors/vim".',
    /does not have a binary package/,
    false,
  ],
  ['!!! Your current profile is invalid.', /profile .* is not in the snapshot/, false],
  ['OSError: [Errno 28] No space left on device', /no space left/, false],
];

for (const [line, means, elsewhere] of said) {
  test(`Portage: ${line}`, (t) => {
    const failure = portageFailure(new Failure('emerge failed', {lastLines: ['>>> Emerging', line]}));
    t.regex(failure.message, means);
    t.is(failure instanceof Unreachable, elsewhere);
  });
}

const context: StepContext = {
  release,
  template: tinyRequest(tinyDistribution()).template,
  serial: '20261124T000000Z',
  epoch: 0,
  container: {tree: '/srv/tree', run: async () => ''},
  sources: {distfiles: ['http://one.example.org']},
  keys: [],
  acceptExpired: false,
  folder: new URL('./', import.meta.url),
  progress: () => undefined,
  log: () => undefined,
};

test('what Portage complained of is found, however much it prints after it', async (t) => {
  const tree = packagesIn({'/etc/portage/binrepos.conf/gentoobinhost.conf': binhost}, '');
  const complaining = complainingTree(tree, 'emerge', '!!! Missing signature');
  const step = binaryPackages({packages: ['app-editors/vim']});
  const error = await t.throwsAsync(step.run(complaining, context), {instanceOf: Failure});
  t.regex(error?.message ?? '', /is not signed by the distribution’s key$/);
  t.true(error?.lastLines.includes('!!! Missing signature'));
});

/** A tree with files in one folder; every other command gives the same answer. */
function packagesIn(files: Readonly<Record<string, string>>, answer: string): Rootfs {
  return {
    ...treeWith({files}),
    run: async (command) => (command[0] === 'sh' ? `${Object.keys(files).join('\n')}\n` : answer),
    succeeds: async () => true,
  };
}
