import test from 'ava';
import {Failure} from '../../../src/failure.ts';
import {Unreachable} from '../../../src/rootfs/diagnosis.ts';
import {primaryFingerprints} from '../../../src/rootfs/fingerprints.ts';
import {pacmanDiagnostics} from '../../../src/rootfs/pacman/failure.ts';
import {containerConfig, localPackages} from '../../../src/rootfs/pacman/tree.ts';
import {diagnosis} from '../../fixtures/diagnosis.ts';

const pacmanFailure = diagnosis.bind(undefined, pacmanDiagnostics);

const failed = (...lastLines: string[]) => new Failure('pacman failed with exit code 1', {lastLines});

// what pacman 7.0 printed; arch.container.test.ts has some of them from a real one
const unknown = 'error: less: key "0123456789ABCDEF0123456789ABCDEF01234567" is unknown';
const untrusted = 'error: less: signature from "Somebody <somebody@example.org>" is unknown trust';
const mismatch = 'error: less: signature from "Stand-in <packager@example.org>" is invalid';
const unsigned = 'error: vim: missing required signature';
const checksum =
  ':: File /srv/pacman/cache/vim-1-1-x86_64.pkg.tar.zst is corrupted (invalid or corrupted package (checksum)).';
const brokenOff =
  "error: failed retrieving file 'vim-1-1-x86_64.pkg.tar.zst' from 127.0.0.1:1 : end of response with 710183 bytes missing";
const noDatabase =
  'error: could not open file /srv/t/var/lib/pacman/sync/core.db: Unrecognized archive format';
const slow =
  "error: failed retrieving file 'core.db' from 127.0.0.1 : Operation too slow. Less than 1 bytes/sec transferred the last 10 seconds";
const missing =
  "error: failed retrieving file 'core.db' from 127.0.0.1:1 : The requested URL returned error: 404";
const refused =
  "error: failed retrieving file 'core.db' from 127.0.0.1:1 : Failed to connect to 127.0.0.1 port 1 after 0 ms";
const full = 'error: could not extract /usr/bin/vim (Write failed: No space left on device)';

const meanings: readonly (readonly [line: string, means: RegExp, unreachable: boolean])[] = [
  [unknown, /not signed by the distribution’s key/, false],
  [untrusted, /not signed by the distribution’s key/, false],
  [mismatch, /does not match its signature: truncated or replaced/, false],
  [unsigned, /has no signature/, false],
  [checksum, /checksum in the mirror’s database/, true],
  [brokenOff, /breaks off/, true],
  [noDatabase, /no package or database/, true],
  [slow, /does not answer in time/, true],
  [missing, /does not have/, true],
  [refused, /cannot be reached/, true],
  [full, /no space left/, false],
  ['error: target not found: no-such-package', /does not have a package the recipe asks for/, false],
];

for (const [line, means, unreachable] of meanings) {
  test(`“${line.slice(0, 70)}…” is understood`, (t) => {
    const said = pacmanFailure(failed('something else'), [line]);
    t.regex(said.message, means);
    t.is(said instanceof Unreachable, unreachable);
    t.truthy(said.remedy);
  });
}

test('a key that is not trusted counts more than everything else that was said', (t) => {
  const said = pacmanFailure(failed(refused, mismatch), [slow, unknown]);
  t.regex(said.message, /not signed/);
  t.false(said instanceof Unreachable);
});

test('what is not understood stays as it was', (t) => {
  const failure = failed('error: something new');
  t.is(pacmanFailure(failure), failure);
});

const config = '[options]\nArchitecture = auto\nCheckSpace\n#DisableSandbox\nSigLevel = Required\n\n[core]\n';

test('a container’s pacman checks no space and encloses no downloads; all else is as it was', (t) => {
  const changed = config.replace('CheckSpace', '#CheckSpace').replace('#DisableSandbox', 'DisableSandbox');
  t.is(containerConfig(config), changed);
  t.is(containerConfig(changed), changed);
  const without = config.replace('#DisableSandbox\n', '#DisableSandboxFilesystem\n');
  t.is(
    containerConfig(without),
    '[options]\nDisableSandbox\nArchitecture = auto\n#CheckSpace\n#DisableSandboxFilesystem\nSigLevel = Required\n\n[core]\n',
  );
});

test('packages are read from the local database', (t) => {
  const desc = (name: string, arch: string) =>
    `%NAME%\n${name}\n\n%VERSION%\n1:2.3-4\n\n%BASE%\nother\n\n%DESC%\n%NAME% in a text\n\n%ARCH%\n${arch}\n\n%BUILDDATE%\n1795000000\n\n%DEPENDS%\nglibc\n\n`;
  t.deepEqual(localPackages(desc('bash', 'x86_64') + desc('base', 'any')), [
    {name: 'bash', version: '1:2.3-4', arch: 'x86_64', built: new Date(1_795_000_000_000)},
    {name: 'base', version: '1:2.3-4', arch: 'any', built: new Date(1_795_000_000_000)},
  ]);
  t.deepEqual(localPackages(''), []);
});

test('keys are named by their primary fingerprints', (t) => {
  const colons = [
    'pub:-:255:22:1111111111111111:1795000000:::-:::scESC::::::23::0:',
    'fpr:::::::::AAAA1111111111111111:',
    'uid:-::::1795000000::X::Somebody <somebody@example.org>::::::::::0:',
    'sub:-:255:18:2222222222222222:1795000000::::::e::::::23:',
    'fpr:::::::::BBBB2222222222222222:',
    'pub:-:255:22:3333333333333333:1795000000:::-:::scESC::::::23::0:',
    'fpr:::::::::CCCC3333333333333333:',
  ];
  t.deepEqual(primaryFingerprints(colons.join('\n')), ['AAAA1111111111111111', 'CCCC3333333333333333']);
});
