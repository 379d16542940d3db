import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test from 'ava';
import {execa} from 'execa';

/** What apt is told to run in the place of gpgv in Debian 8 and 9. */
const program = fileURLToPath(
  new URL('../../distributions/debian/files/archived/usr/lib/vpsadminos/gpgv-when-signed', import.meta.url),
);

const folder = await mkdtemp(join(tmpdir(), 'gpgv-when-signed-'));
/** A gpgv that says what it is told, as the real one would, and ends with 1 if a signature is bad. */
await writeFile(
  join(folder, 'gpgv'),
  `#!/bin/sh
[ "$1 $2" = '--status-fd 1' ] || { echo "gpgv was asked: $*"; exit 2; }
printf %s "$SAYS"
case $SAYS in *BADSIG*) exit 1 ;; esac
`,
  {mode: 0o755},
);

test.after.always(() => rm(folder, {recursive: true}));

/** What apt reads of the status, when gpgv says these lines, and how it ended. */
async function verdict(...lines: readonly string[]): Promise<{said: string[]; exitCode: number | undefined}> {
  const script = 'exec 7>&1; "$0" --status-fd 7 --keyring debian.gpg Release.gpg Release';
  const {stdout, exitCode} = await execa('sh', ['-c', script, program], {
    reject: false,
    env: {
      PATH: `${folder}:${process.env.PATH}`,
      SAYS: lines.map((line) => `[GNUPG:] ${line}\n`).join(''),
    },
  });
  return {said: stdout.split('\n').map((line) => line.replace('[GNUPG:] ', '')), exitCode};
}

const expiry = 1668816000;
const expired = `KEYEXPIRED ${expiry}`;
const validSince = (made: number) => `VALIDSIG 126C0D24 2018-06-17 ${made} 0 4 0 1 8 01 126C0D24`;
const bad = 'EXPKEYSIG 7638D0442B90D010 Debian Archive';

test('a signature that was made before its key expired is good', async (t) => {
  const valid = validSince(expiry - 1);
  const said = ['NEWSIG', expired, 'KEY_CONSIDERED 126C0D24 0', expired, bad, valid];
  t.deepEqual(await verdict(...said), {
    said: ['NEWSIG', 'KEY_CONSIDERED 126C0D24 0', 'GOODSIG 7638D0442B90D010 Debian Archive', valid],
    exitCode: 0,
  });
});

test('as GnuPG 1.4 says it, too', async (t) => {
  const valid = validSince(expiry - 1);
  const {said} = await verdict(
    expired,
    'SIGEXPIRED deprecated-use-keyexpired-instead',
    'SIG_ID x',
    bad,
    valid,
  );
  t.deepEqual(said, ['SIG_ID x', 'GOODSIG 7638D0442B90D010 Debian Archive', valid]);
});

test('one that was made later is not, nor one of a key that does not say when it expired', async (t) => {
  const later = ['NEWSIG', expired, bad, validSince(expiry)];
  t.deepEqual((await verdict(...later)).said, later);
  const silent = ['NEWSIG', bad, validSince(expiry - 1)];
  t.deepEqual((await verdict(...silent)).said, silent);
  const first = ['NEWSIG', `KEYEXPIRED ${expiry - 2}`, expired, bad, validSince(expiry - 1)];
  t.deepEqual((await verdict(...first)).said, first);
});

test('what expired or was revoked otherwise, does not fit or has no key stays what it is', async (t) => {
  for (const word of ['EXPSIG', 'REVKEYSIG', 'BADSIG', 'ERRSIG']) {
    const said = ['NEWSIG', expired, `${word} 7638D0442B90D010 Debian Archive`, validSince(expiry - 1)];
    t.deepEqual(await verdict(...said), {said, exitCode: word === 'BADSIG' ? 1 : 0});
  }
  const unknown = ['NEWSIG', 'ERRSIG 7638D0442B90D010 1 8 01 1529236800 9', 'NO_PUBKEY 7638D0442B90D010'];
  t.deepEqual((await verdict(...unknown)).said, unknown);
});

test('a good signature beside another is judged alone', async (t) => {
  const valid = validSince(expiry - 1);
  const {said} = await verdict('NEWSIG', expired, bad, valid, 'NEWSIG', 'BADSIG EF0F382A1A7B6500 Stable');
  t.deepEqual(said, [
    'NEWSIG',
    'GOODSIG 7638D0442B90D010 Debian Archive',
    valid,
    'NEWSIG',
    'BADSIG EF0F382A1A7B6500 Stable',
  ]);
});
