import test from 'ava';
import {Failure} from '../../src/failure.ts';
import {command} from '../../src/host/command.ts';
import {apkDiagnostics} from '../../src/rootfs/apk/failure.ts';
import {aptDiagnostics} from '../../src/rootfs/apt/failure.ts';
import {type Diagnostics, diagnosed, observation} from '../../src/rootfs/diagnosis.ts';
import {dnfDiagnostics} from '../../src/rootfs/dnf/failure.ts';
import {yumDiagnostics} from '../../src/rootfs/dnf/yum-failure.ts';
import {nixDiagnostics} from '../../src/rootfs/nix/failure.ts';
import {pacmanDiagnostics} from '../../src/rootfs/pacman/failure.ts';
import {portageDiagnostics} from '../../src/rootfs/portage/failure.ts';

const programs: Readonly<Record<string, Diagnostics>> = {
  apk: apkDiagnostics,
  apt: aptDiagnostics,
  dnf: dnfDiagnostics,
  yum: yumDiagnostics,
  nix: nixDiagnostics,
  pacman: pacmanDiagnostics,
  portage: portageDiagnostics,
};

/** What was seen to be said of a full disk, in the middle of a long output. */
const full = [
  'dpkg-deb: error: failed to write to pipe: No space left on device',
  'tar: ./usr/bin/perl: Wrote only 8192 of 10240 bytes: No space left on device',
  'At least 12MB more space needed on the / filesystem.',
  'installing package vim-9.1 needs 5MB more space on the / filesystem',
  "E: You don't have enough free space in /var/cache/apt/archives/.",
  'error: not enough free disk space',
  'cp: error writing: Disk quota exceeded',
];

for (const [name, diagnostics] of Object.entries(programs)) {
  for (const line of full) {
    test(`${name}: a disk that is full early is the cause, of the machine’s kind: ${line}`, async (t) => {
      const script = 'seq 10; echo "$0"; seq 700; exit 25';
      const error = await t.throwsAsync(
        diagnosed(diagnostics, (onLine) => command(['sh', '-c', script, line], {log: onLine})),
        {instanceOf: Failure, message: 'there is no space left for the tree'},
      );
      t.is(error?.exitCode, 3);
      t.is(error?.lastLines[0], line);
      t.is(error?.lastLines.at(-1), '700');
    });
  }
}

test('of endless complaints one of each kind is remembered, and the last few', (t) => {
  const {onLine, failure} = observation(aptDiagnostics);
  onLine('E: Failed to fetch http://127.0.0.1/x.deb  Hash Sum mismatch');
  for (let count = 0; count < 10_000; count += 1) onLine(`W: something else ${count}`);
  const {message, lastLines} = failure(new Failure('apt failed'));
  t.regex(message, /does not match the signed index/);
  t.is(lastLines.length, 4);
  t.regex(lastLines[0] ?? '', /Hash Sum mismatch/);
});

test('what is no complaint means nothing, unless it is among the last lines', (t) => {
  const line = 'Setting up zstd (1.5) ... unexpected end of file';
  const {onLine, failure} = observation(apkDiagnostics);
  onLine(line);
  const known = new Failure('apk failed');
  t.is(failure(known), known);
});
