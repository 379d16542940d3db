import test from 'ava';
import {Failure} from '../../../src/failure.ts';
import {primaryFingerprints} from '../../../src/rootfs/fingerprints.ts';
import {parseStage3List, sha512Of} from '../../../src/rootfs/portage/stage3.ts';

const list = `# Latest as of Sun, 22 Nov 2026 16:30:53 +0000
# ts=1795365053
20261122T163053Z/stage3-amd64-openrc-20261122T163053Z.tar.xz 291234567
`;

test('a list names a stage3 by its path, and when it was made', (t) => {
  t.deepEqual(parseStage3List(list, 'openrc'), {
    path: '20261122T163053Z/stage3-amd64-openrc-20261122T163053Z.tar.xz',
    name: 'stage3-amd64-openrc-20261122T163053Z.tar.xz',
    made: new Date('2026-11-22T16:30:53Z'),
  });
  const musl = list.replaceAll('amd64-openrc', 'amd64-musl-openrc');
  t.is(parseStage3List(musl, 'musl-openrc').name, 'stage3-amd64-musl-openrc-20261122T163053Z.tar.xz');
});

test('a list of another flavour, or with a path that leads elsewhere, names none', (t) => {
  for (const text of [list, list.replace('20261122T163053Z/', '../'), '']) {
    const flavour = text === list ? 'systemd' : 'openrc';
    const error = t.throws(() => parseStage3List(text, flavour), {instanceOf: Failure});
    t.is(error.message, `latest-stage3-amd64-${flavour}.txt: names no stage3 of ${flavour}`);
  }
});

const name = 'stage3-amd64-openrc-20261122T163053Z.tar.xz';

test('the digest is the one of this file under the heading of SHA-512', (t) => {
  const digests = `# BLAKE2B HASH\nb1ake  ${name}\n# SHA512 HASH\nc0ffee  ${name}\nbad  ${name}.CONTENTS.gz\n`;
  t.is(sha512Of(digests, name), 'c0ffee');
});

test('digests without this file’s SHA-512 are refused', (t) => {
  for (const digests of ['', `# BLAKE2B HASH\nb1ake  ${name}\n`, '# SHA512 HASH\nc0ffee  other.tar.xz\n']) {
    const error = t.throws(() => sha512Of(digests, name), {instanceOf: Failure});
    t.is(error.message, `${name}.DIGESTS: has no SHA-512 digest of ${name}`);
  }
});

test('only primary keys are pinned, not what is below them', (t) => {
  const listing = [
    'pub:-:4096:1:BB572E0E2D182910:1250000000:::-:::scESC::::::23::0:',
    'fpr:::::::::13EBBDBEDE7A12775DFDB1BABB572E0E2D182910:',
    'uid:-::::1250000000::::Release Key::::::::::0:',
    'sub:-:4096:1:2C44695DB9F6043D:1500000000::::::s::::::23:',
    'fpr:::::::::534E4209AB49EEE1C19D96162C44695DB9F6043D:',
  ].join('\n');
  t.deepEqual(primaryFingerprints(listing), ['13EBBDBEDE7A12775DFDB1BABB572E0E2D182910']);
});
