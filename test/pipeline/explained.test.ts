import test from 'ava';
import {Failure} from '../../src/failure.ts';
import {explained} from '../../src/pipeline/explained.ts';

const tree = 'the build’s tmpfs of 1.5 GiB';

test('tar that cannot write all is told as a full file system, and which', (t) => {
  const lastLines = [
    'tar: /srv/osctl-template-pack/rootfs.tar: Wrote only 8192 of 10240 bytes',
    'tar: Error is not recoverable: exiting now',
  ];
  const failure = explained(new Failure('tar failed with exit code 2', {lastLines}), tree);
  t.is(failure.message, `no space left in ${tree}: tar failed with exit code 2`);
  t.is(failure.exitCode, 3);
});

test('what is not known stays as it was', (t) => {
  const failure = new Failure('tar failed with exit code 2');
  t.is(explained(failure, tree), failure);
});
