import test from 'ava';
import {Failure} from '../../../src/failure.ts';
import {apkPackages, apkSources, runApk} from '../../../src/rootfs/apk/apk.ts';
import {apkDiagnostics} from '../../../src/rootfs/apk/failure.ts';
import {parseReleases} from '../../../src/rootfs/apk/minirootfs.ts';
import {Unreachable} from '../../../src/rootfs/diagnosis.ts';
import {diagnosis} from '../../fixtures/diagnosis.ts';
import {complainingTree} from '../../fixtures/long-complaint.ts';
import {treeWith} from '../../fixtures/tree-with.ts';

const apkFailure = diagnosis.bind(undefined, apkDiagnostics);

// what apk 2.7, 2.10 and 2.14 printed; alpine.container.test.ts has most of them from the real ones
const meanings: readonly (readonly [line: string, means: RegExp, unreachable: boolean])[] = [
  [
    'WARNING: updating and opening http://127.0.0.1/alpine/v3.22/main: UNTRUSTED signature',
    /not signed by/,
    false,
  ],
  ['ERROR: http://127.0.0.1/alpine/v3.6/main: UNTRUSTED signature', /not signed by/, false],
  ['ERROR: http://127.0.0.1/alpine/v3.6/main: BAD signature', /truncated or replaced/, true],
  ['WARNING: updating and opening http://127.0.0.1/alpine/v3.22/main: BAD archive', /truncated/, true],
  ['ERROR: iproute2-minimal-1.0-r0: IO ERROR', /truncated or replaced/, true],
  [
    'ERROR: http://127.0.0.1:1/alpine/v3.6/main: could not connect to server (check repositories file)',
    /cannot be reached/,
    true,
  ],
  [
    'WARNING: updating and opening http://mirror.example.org/alpine/v3.6/main: temporary error (try again later)',
    /cannot be reached/,
    true,
  ],
  [
    'WARNING: updating and opening http://127.0.0.1/alpine/v3.22/main: No such file or directory',
    /does not have all of this release/,
    true,
  ],
  [
    "ERROR: iproute2-minimal-1.0-r0: package mentioned in index not found (try 'apk update')",
    /does not have all of this release/,
    true,
  ],
  ['ERROR: unable to select packages:', /does not have a package the recipe asks for/, false],
  ['ERROR: unsatisfiable constraints:', /does not have a package the recipe asks for/, false],
  ['ERROR: Failed to create sbin/ip: No space left on device', /no space left/, false],
];

for (const [line, means, unreachable] of meanings) {
  test(`“${line}” is understood`, (t) => {
    const said = apkFailure(new Failure('apk failed with exit code 2', {lastLines: ['fetch …', line]}));
    t.regex(said.message, means);
    t.is(said instanceof Unreachable, unreachable);
    t.truthy(said.remedy);
  });
}

test('a wrong signature counts more than the packages that cannot be had for it', (t) => {
  const lastLines = [
    'ERROR: http://127.0.0.1/alpine/v3.6/main: UNTRUSTED signature',
    'WARNING: Ignoring APKINDEX.565b85f5.tar.gz: No such file or directory',
    'ERROR: unsatisfiable constraints:',
  ];
  t.regex(apkFailure(new Failure('apk failed', {lastLines})).message, /not signed by the distribution’s key/);
});

test('what apk complained of is found, however much it prints after it', async (t) => {
  const line = 'ERROR: Failed to create sbin/ip: No space left on device';
  const error = await t.throwsAsync(runApk(complainingTree(treeWith({}), 'apk', line), ['add', 'nano']), {
    instanceOf: Failure,
  });
  t.regex(error?.message ?? '', /no space left/);
  t.true(error?.lastLines.includes(line));
});

const installed = `C:Q11t0tzwHfkZnWJ0vAZA8qzCzZZ7M=
P:alpine-baselayout
V:3.6.5-r0
A:x86_64
F:etc
R:fstab

C:Q1eVpkasfqZAukAXFYbgwt4xAMZWU=
P:musl
V:1.2.5-r0
A:x86_64

`;

test('packages come from the database, wherever it is', async (t) => {
  const packages = [
    {name: 'alpine-baselayout', version: '3.6.5-r0', arch: 'x86_64'},
    {name: 'musl', version: '1.2.5-r0', arch: 'x86_64'},
  ];
  for (const path of ['/lib/apk/db/installed', '/usr/lib/apk/db/installed'])
    t.deepEqual(await apkPackages(treeWith({files: {[path]: installed}})), packages);
  t.deepEqual(await apkPackages(treeWith({})), []);
});

test('sources are the repositories that are not commented out', async (t) => {
  const content =
    'https://mirror.example.org/alpine/v3.22/main\n# testing is for the brave\n#http://x/testing\n\n';
  const tree = treeWith({files: {'/etc/apk/repositories': content}});
  t.deepEqual(await apkSources(tree), ['https://mirror.example.org/alpine/v3.22/main']);
});

const sha256 = 'd4e6fd67dcf75e40c451560ac7265166c2b72a0f38ddc9aae756a7de3d1efa0c';
const list = (file: string) => `---
-
  title: "Virtual"
  flavor: alpine-virt
  version: 3.22.2
-
  title: "Mini root filesystem"
  desc: |
    For use in containers.
  branch: v3.22
  version: 3.22.2
  flavor: alpine-minirootfs
  file: ${file}
  date: 2025-10-08
  time: 09:28:19
  sha256: ${sha256}
`;

test('a branch’s list names its minirootfs', (t) => {
  const file = 'alpine-minirootfs-3.22.2-x86_64.tar.gz';
  const made = new Date('2025-10-08T09:28:19Z');
  t.deepEqual(parseReleases(list(file), 'the list'), {file, version: '3.22.2', sha256, made});
});

for (const [what, text] of [
  ['half a list', list('x').slice(0, 60)],
  ['something else', '<html><body>Welcome to the hotel</body></html>'],
  ['not even YAML', '\t- a: {'],
  ['a file that is elsewhere', list('../../../etc/alpine-minirootfs-3.22.2-x86_64.tar.gz')],
] as const) {
  test(`${what} names none`, (t) => {
    const error = t.throws(() => parseReleases(text, 'http://127.0.0.1/latest-releases.yaml'));
    t.regex(
      error?.message ?? '',
      /^http:.*latest-releases\.yaml: names no minirootfs: truncated or replaced$/,
    );
  });
}
