import test from 'ava';
import {Failure} from '../../../src/failure.ts';
import {aptDiagnostics} from '../../../src/rootfs/apt/failure.ts';
import {Unreachable} from '../../../src/rootfs/diagnosis.ts';
import {diagnosis} from '../../fixtures/diagnosis.ts';

const aptFailure = diagnosis.bind(undefined, aptDiagnostics);

// what apt 3.0 printed to mmdebstrap; mirrors.container.test.ts has them from a real one
const unsigned = "E: The repository 'http://127.0.0.1:35427 unsigned Release' is not signed.";
const expired =
  'E: Release file for http://127.0.0.1/dists/x/InRelease is expired (invalid since 1787d 17h 2min 20s).';
const mismatch = 'E: Failed to fetch http://127.0.0.1/pool/base_1_amd64.deb  Hash Sum mismatch';
const refused = 'E: Failed to fetch http://127.0.0.1:1/dists/x/InRelease  Unable to connect to 127.0.0.1:1:';
const full = 'E: Write error - write (28: No space left on device)';

const failed = (...lastLines: string[]) => new Failure('mmdebstrap failed with exit code 25', {lastLines});

const meanings: readonly (readonly [line: string, means: RegExp, unreachable: boolean])[] = [
  [unsigned, /not signed by the distribution’s key/, false],
  [expired, /has expired/, true],
  [mismatch, /truncated or replaced/, true],
  [refused, /cannot be reached/, true],
  [full, /no space left/, false],
];

for (const [line, means, unreachable] of meanings) {
  test(`“${line.slice(0, 60)}…” is understood`, (t) => {
    const said = aptFailure(failed('Reading package lists...', line));
    t.regex(said.message, means);
    t.is(said instanceof Unreachable, unreachable);
    t.truthy(said.remedy);
  });
}

test('a wrong signature counts more than everything else that was said', (t) => {
  const said = aptFailure(failed(mismatch, refused), [expired, unsigned]);
  t.regex(said.message, /not signed/);
  t.false(said instanceof Unreachable);
});

test('a complaint that came long before the end is understood and shown', (t) => {
  const hashes = ['   Hashes of expected file:', '    - Filesize:4270990 [weak]'];
  const failure = aptFailure(failed(...hashes), [mismatch]);
  t.true(failure instanceof Unreachable);
  t.deepEqual(failure.lastLines, [mismatch, ...hashes]);
});

test('what is not understood stays as it was, and no other mirror is tried', (t) => {
  const failure = failed('E: something new');
  t.is(aptFailure(failure), failure);
});

test('complaints are errors and warnings', (t) => {
  const lines = [unsigned, 'W: something', 'Err:1 http://127.0.0.1', 'I: running apt-get update...', 'WE: x'];
  t.deepEqual(
    lines.filter((line) => aptDiagnostics.complaints.some((says) => says.test(line))),
    [unsigned, 'W: something'],
  );
});
