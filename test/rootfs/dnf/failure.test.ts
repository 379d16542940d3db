import test from 'ava';
import {Failure} from '../../../src/failure.ts';
import {Unreachable} from '../../../src/rootfs/diagnosis.ts';
import {dnfDiagnostics} from '../../../src/rootfs/dnf/failure.ts';
import {diagnosis} from '../../fixtures/diagnosis.ts';

const dnfFailure = diagnosis.bind(undefined, dnfDiagnostics);

/** What dnf 4.23 printed in each case, by what it meant. */
const cases: Readonly<Record<string, readonly string[]>> = {
  'a package or an index is not signed by the distribution’s key': [
    `Import of key(s) didn't help, wrong key(s)?
Public key for less-1.0-1.x86_64.rpm is not installed. Failing package is: less-1.0-1.x86_64
The downloaded packages were saved in cache until the next successful transaction.
Error: GPG check FAILED`,
    'Package less-1.0-1.x86_64.rpm is not signed\nError: GPG check FAILED',
    `Error: Failed to download metadata for repo 'fedora': repomd.xml GPG signature verification error: Bad GPG signature`,
  ],
  'a download does not match the index: truncated or replaced': [
    `[MIRROR] less-1.0-1.x86_64.rpm: Interrupted by header callback: Inconsistent server data, reported file Content-Length: 1000, repository metadata states file length: 148444 (please report to repository maintainer)
[FAILED] less-1.0-1.x86_64.rpm: No more mirrors to try - All mirrors were already tried without success
Error: Error downloading packages:
  less-1.0-1.x86_64: Cannot download, all mirrors were already tried without success`,
    `Errors during downloading metadata for repository 'fedora':
  - Downloading successful, but checksum doesn't match. Calculated: 8cb9(sha256)  Expected: 5253(sha256)
Error: Failed to download metadata for repo 'fedora': Yum repo downloading error`,
  ],
  'the mirror does not have this file': [
    `Errors during downloading metadata for repository 'fedora':
  - Status code: 404 for http://127.0.0.1:8199/nothing/repodata/repomd.xml (IP: 127.0.0.1)
Error: Failed to download metadata for repo 'fedora': Cannot download repomd.xml: Cannot download repodata/repomd.xml: All mirrors were tried`,
  ],
  'the mirror cannot be reached': [
    `  - Curl error (7): Could not connect to server for http://127.0.0.1:8099/repodata/repomd.xml [Failed to connect to 127.0.0.1 port 8099 after 0 ms: Could not connect to server]
Error: Failed to download metadata for repo 'fedora': Cannot download repomd.xml`,
  ],
  'the mirror does not have a package the recipe asks for': [
    'No match for argument: nonsense\nError: Unable to find a match: nonsense',
    'Error: \n Problem: conflicting requests\n  - nothing provides /bin/sh needed by systemd-1.0-1.x86_64 from fedora',
  ],
};

test('what dnf says is told as what it means; signatures come before everything else', (t) => {
  for (const [means, outputs] of Object.entries(cases)) {
    for (const output of outputs) {
      const complaints = output.split('\n');
      t.is(dnfFailure(new Failure('dnf failed with exit code 1'), complaints).message, means, output);
    }
  }
});

test('another mirror is tried after all but a wrong signature and a wrong name', (t) => {
  const unreachable = Object.entries(cases).map(([means, [output = '']]) => {
    const lastLines = output.split('\n');
    return [means, dnfFailure(new Failure('dnf failed', {lastLines})) instanceof Unreachable] as const;
  });
  t.deepEqual(
    unreachable.filter(([, other]) => !other).map(([means]) => means),
    [
      'a package or an index is not signed by the distribution’s key',
      'the mirror does not have a package the recipe asks for',
    ],
  );
});
