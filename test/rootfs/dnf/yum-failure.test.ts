import test from 'ava';
import {Failure} from '../../../src/failure.ts';
import {Unreachable} from '../../../src/rootfs/diagnosis.ts';
import {yumDiagnostics} from '../../../src/rootfs/dnf/yum-failure.ts';
import {diagnosis} from '../../fixtures/diagnosis.ts';

/** What a yum that printed these lines, and then failed, meant. */
function meant(...lines: string[]): Failure {
  return diagnosis(yumDiagnostics, new Failure('yum failed'), lines);
}

const address = 'http://mirror.example.org/7.9.2009/os/x86_64';

test('a wrong key is not tried elsewhere', (t) => {
  const failure = meant(
    'Public key for bash-4.2.46-34.el7.x86_64.rpm is not installed',
    'The GPG keys listed for the "base" repository are already installed but they are not correct for this package.',
  );
  t.is(failure.message, 'a package or an index is not signed by the distribution’s key');
  t.false(failure instanceof Unreachable);
});

test('what yum says of every first package is no complaint', (t) => {
  const failure = meant(
    'Public key for bash-4.2.46-34.el7.x86_64.rpm is not installed',
    `${address}/Packages/less-458-9.el7.x86_64.rpm: [Errno -1] Package does not match intended download. Suggestion: run yum --enablerepo=base clean metadata`,
  );
  t.is(failure.message, 'a download does not match the index: truncated or replaced');
  t.true(failure instanceof Unreachable);
});

for (const [line, means] of [
  [
    `${address}/repodata/primary.xml.gz: [Errno -1] Metadata file does not match checksum`,
    'a download does not match the index: truncated or replaced',
  ],
  [
    `${address}/repodata/repomd.xml: [Errno 14] curl#7 - "Failed connect to mirror.example.org:80; Connection refused"`,
    'the mirror cannot be reached',
  ],
  [
    `${address}/repodata/repomd.xml: [Errno 12] Timeout on ${address}/repodata/repomd.xml`,
    'the mirror does not answer in time',
  ],
  [
    `${address}/repodata/repomd.xml: [Errno 14] HTTP Error 404 - Not Found`,
    'the mirror does not have this file',
  ],
  ['No package no-such available.', 'the mirror does not have a package the recipe asks for'],
  ['Error: GPG check FAILED', 'a package or an index is not signed by the distribution’s key'],
] as const) {
  test(`yum: ${means}: ${line}`, (t) => t.is(meant(line).message, means));
}
