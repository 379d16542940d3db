import test from 'ava';
import {Failure} from '../../src/failure.ts';
import {binaryKey} from '../../src/rootfs/openpgp.ts';

const packet = Buffer.from([0x98, 0x33, 0x04, 0xff, 0x00, 0x10]);

test('an armored key is unwrapped, with its headers and checksum left out', (t) => {
  const armored = [
    '-----BEGIN PGP PUBLIC KEY BLOCK-----',
    'Comment: a key',
    '',
    packet.toString('base64'),
    '=AbCd',
    '-----END PGP PUBLIC KEY BLOCK-----',
    '',
  ].join('\n');
  const content = Buffer.from(armored + armored);
  t.deepEqual(Buffer.from(binaryKey({name: 'key.asc', content})), Buffer.concat([packet, packet]));
});

test('a binary key is left as it is', (t) => {
  t.deepEqual(Buffer.from(binaryKey({name: 'key.gpg', content: packet})), packet);
});

test('a private key is refused by its name', (t) => {
  const content = Buffer.from(
    '-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nxx\n-----END PGP PRIVATE KEY BLOCK-----\n',
  );
  const error = t.throws(() => binaryKey({name: 'secret.asc', content}), {instanceOf: Failure});
  t.is(error.message, 'secret.asc is not a public key');
  t.is(error.exitCode, 2);
});
