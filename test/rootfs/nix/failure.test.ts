import test from 'ava';
import {Failure} from '../../../src/failure.ts';
import {nixDiagnostics, unsigned} from '../../../src/rootfs/nix/failure.ts';
import {diagnosis} from '../../fixtures/diagnosis.ts';

const path = '/nix/store/q9i7rbplg1ppcgyack0wf52rhd9kzsz3-bash-5.2';

/** What Nix 2.26 was seen to say. */
const said = {
  'a store path does not match what is signed: truncated or replaced': `error: hash mismatch importing path '${path}';`,
  'the binary cache cannot be reached':
    "error: unable to download 'http://127.0.0.1:1/nix-cache-info': Could not connect to server (7)",
  'the binary cache does not have this file': `error: path '${path}' is required, but there is no substituter that can build it`,
};

for (const [means, line] of Object.entries(said)) {
  test(means, (t) => {
    t.is(diagnosis(nixDiagnostics, new Failure('nix-build failed'), [line]).message, means);
  });
}

test('the path that is not signed is named', (t) => {
  const line = `warning: ignoring substitute for '${path}' from 'http://127.0.0.1:1/cache', as it's not signed by any of the keys in 'trusted-public-keys'`;
  t.is(unsigned.exec(line)?.[1], path);
  t.is(unsigned.exec(`path '${path}' is untrusted`)?.[1], path);
});
