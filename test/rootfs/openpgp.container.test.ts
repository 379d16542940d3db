import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {gentoo} from '../../builders/gentoo.ts';
import {Failure} from '../../src/failure.ts';
import {defineBuilder} from '../../src/recipe/builder.ts';
import {place} from '../../src/rootfs/mirrors.ts';
import {keyring, verify, verifySha256, verifySha512} from '../../src/rootfs/openpgp.ts';
import {pinnedKeyring} from '../../src/rootfs/pinned-keys.ts';
import {openBuildContainer} from '../fixtures/build-container.ts';
import {serveDuring} from './tiny-archive.ts';

/**
 * Real keys and signatures, made in one container and verified in another, which has no more than a build has. In
 * the folder of each key: a text that it signed in clear, the same with a detached signature, and the key itself.
 */
const makeSigned = `
set -e
export GNUPGHOME=/srv/gnupg
mkdir -p -m 700 $GNUPGHOME
past=--faked-system-time=20200101T000000
key() { gpg --batch --quiet --passphrase '' $2 --quick-generate-key $1@example.org ed25519 sign \${3:-never}; }
key distribution
key stranger
key expired $past 1y
key revoked
key stale $past
sign() {
  mkdir -p /srv/signed/$1
  cd /srv/signed/$1
  printf 'what was signed\\n' > text
  gpg --batch --quiet --local-user $1@example.org $2 --clearsign --output text.clear text
  gpg --batch --quiet --local-user $1@example.org $2 --detach-sign --output text.sig text
}
sign distribution
sign stranger
sign expired $past
sign stale "$past --default-sig-expire=1d"
sign revoked
fingerprint=$(gpg --with-colons --list-keys revoked@example.org | awk -F: '$1 == "fpr" { print $10; exit }')
sed 's/^:-----BEGIN/-----BEGIN/' $GNUPGHOME/openpgp-revocs.d/$fingerprint.rev | gpg --batch --quiet --import
for name in distribution stranger expired stale revoked; do
  gpg --batch --quiet --export --output /srv/signed/$name/key $name@example.org
done
gpg --batch --quiet --armor --export distribution@example.org stranger@example.org > /srv/signed/bundle
`;

const folder = await mkdtemp(join(tmpdir(), 'osctl-template-test-'));
const signed = await signatures();
const opened = await openBuildContainer(gentoo);
const {container} = opened;

test.after.always(async () => {
  await opened[Symbol.asyncDispose]();
  await rm(folder, {recursive: true, force: true});
});

/** Makes everything, and gives it by its path. */
async function signatures(): Promise<ReadonlyMap<string, Buffer>> {
  const builder = defineBuilder({name: 'signers', base: gentoo, packages: ['gnupg']});
  await using signers = await openBuildContainer(builder);
  await signers.container.run(['bash', '-c', makeSigned]);
  const list = await signers.container.run([
    'sh',
    '-c',
    'cd /srv/signed; for f in */* bundle; do echo "$f $(base64 -w0 $f)"; done',
  ]);
  return new Map(
    list.split('\n').map((line) => {
      const [path = '', content = ''] = line.split(' ');
      return [path, Buffer.from(content, 'base64')] as const;
    }),
  );
}

/** One of the signed files. */
function file(path: string): Buffer {
  const content = signed.get(path);
  if (content === undefined) throw new Error(`there is no ${path}`);
  return content;
}

let trees = 0;

interface Trial {
  readonly kind: 'clear' | 'detached';
  /** Whose signature, and whose key is trusted; the distribution's unless given. */
  readonly by?: string;
  readonly trusted?: string;
  readonly change?: (content: Buffer) => Buffer;
  readonly acceptExpired?: boolean;
}

/** Verifies a file as a recipe would. The keyring's path is one for all, so one test goes after another. */
async function verified(trial: Trial): Promise<string> {
  const {
    kind,
    by = 'distribution',
    trusted = by,
    change = (content) => content,
    acceptExpired = false,
  } = trial;
  const context = {container, acceptExpired, folder: new URL('./', import.meta.url)};
  const trust = await keyring({...context, keys: [{name: 'key', content: file(`${trusted}/key`)}]}, 'keys');
  const path = `/srv/trial-${++trees}`;
  const title = 'list.txt';
  if (kind === 'clear') {
    await place(container, path, change(file(`${by}/text.clear`)));
    return verify(context, {keyring: trust, file: path, title});
  }
  await place(container, path, change(file(`${by}/text`)));
  await place(container, `${path}.sig`, file(`${by}/text.sig`));
  return verify(context, {keyring: trust, file: path, signature: `${path}.sig`, title});
}

async function refusal(t: ExecutionContext, trial: Trial): Promise<string> {
  const error = await t.throwsAsync(verified(trial), {instanceOf: Failure}, JSON.stringify(trial));
  t.regex(error?.remedy ?? '', /Nothing of it was used/);
  return error?.message ?? '';
}

test.serial('what a trusted key signed is taken: the text alone of a clear-signed file', async (t) => {
  t.is((await verified({kind: 'clear'})).trim(), 'what was signed');
  await t.notThrowsAsync(verified({kind: 'detached'}));
});

test.serial('text around a clear-signed one is not part of it', async (t) => {
  const change = (content: Buffer) =>
    Buffer.concat([Buffer.from('not signed\n'), content, Buffer.from('nor this\n')]);
  t.is((await verified({kind: 'clear', change})).trim(), 'what was signed');
});

test.serial('a stranger’s signature is refused', async (t) => {
  for (const kind of ['clear', 'detached'] as const) {
    const message = await refusal(t, {kind, by: 'stranger', trusted: 'distribution'});
    t.is(message, 'list.txt: is not signed by the distribution’s key');
  }
});

test.serial('a changed byte is refused', async (t) => {
  const change = (content: Buffer) =>
    Buffer.from(content.toString('latin1').replace('signed\n', 'sighed\n'), 'latin1');
  for (const kind of ['clear', 'detached'] as const) {
    t.is(await refusal(t, {kind, change}), 'list.txt: does not match its signature: truncated or replaced');
  }
});

test.serial('half a file is refused', async (t) => {
  const change = (content: Buffer) => content.subarray(0, content.length / 2);
  t.is(
    await refusal(t, {kind: 'clear', change}),
    'list.txt: has no signature that can be read: truncated or not signed',
  );
  t.is(
    await refusal(t, {kind: 'detached', change}),
    'list.txt: does not match its signature: truncated or replaced',
  );
});

test.serial('what is not signed at all is refused', async (t) => {
  const message = await refusal(t, {kind: 'clear', change: () => Buffer.from('what was signed\n')});
  t.is(message, 'list.txt: has no signature that can be read: truncated or not signed');
});

test.serial('a key that has expired is refused, unless expired things are taken', async (t) => {
  for (const kind of ['clear', 'detached'] as const) {
    t.is(await refusal(t, {kind, by: 'expired'}), 'list.txt: is signed by a key that expired');
    await t.notThrowsAsync(verified({kind, by: 'expired', acceptExpired: true}));
  }
});

test.serial('a revoked key and a signature that expired are refused, whatever is taken', async (t) => {
  for (const acceptExpired of [false, true]) {
    t.is(
      await refusal(t, {kind: 'detached', by: 'revoked', acceptExpired}),
      'list.txt: is signed by a key that was revoked',
    );
    t.is(
      await refusal(t, {kind: 'detached', by: 'stale', acceptExpired}),
      'list.txt: has a signature that expired',
    );
  }
});

test.serial('a digest that a signed list says', async (t) => {
  await place(container, '/srv/digested', 'x');
  const [sha256 = '', sha512 = ''] = await Promise.all(
    ['sha256sum', 'sha512sum'].map(
      async (program) => (await container.run([program, '/srv/digested'])).split(' ')[0],
    ),
  );
  const context = {container};
  const digested = {file: '/srv/digested', title: 'package'};
  await t.notThrowsAsync(verifySha256(context, {...digested, sha256}));
  await t.notThrowsAsync(verifySha512(context, {...digested, sha512}));
  await place(container, '/srv/digested', 'y');
  for (const checked of [
    verifySha256(context, {...digested, sha256}),
    verifySha512(context, {...digested, sha512}),
  ]) {
    const error = await t.throwsAsync(checked, {instanceOf: Failure});
    t.is(error?.message, 'package: does not match the signed digest: truncated or replaced');
  }
});

/** The keyring of a served bundle's pinned key, trusted for a clear-signed text of somebody's. */
async function verifiedByPin(t: ExecutionContext, pinned: string, by: string): Promise<string> {
  await writeFile(join(folder, 'keys.gpg'), file('bundle'));
  const {url} = await serveDuring(t, folder);
  const context = {
    container,
    keys: [],
    sources: {keys: [url]},
    folder: new URL('./', import.meta.url),
    log: () => undefined,
    acceptExpired: false,
  };
  const trust = await pinnedKeyring(context, {fingerprints: [pinned], place: 'keys', bundle: 'keys.gpg'});
  await place(container, '/srv/pinned', file(`${by}/text.clear`));
  return verify(context, {keyring: trust, file: '/srv/pinned', title: 'list.txt'});
}

/** A key's fingerprint, as the gpg of a build says it. */
async function fingerprintOf(name: string): Promise<string> {
  await place(container, '/srv/key', file(`${name}/key`));
  const listing = await container.run(['gpg', '--batch', '--with-colons', '--show-keys', '/srv/key']);
  return /^fpr:+([0-9A-F]{40}):/m.exec(listing)?.[1] ?? '';
}

test.serial('of a bundle of keys only those that are pinned are trusted', async (t) => {
  const pinned = await fingerprintOf('distribution');
  t.is((await verifiedByPin(t, pinned, 'distribution')).trim(), 'what was signed');
  const error = await t.throwsAsync(verifiedByPin(t, pinned, 'stranger'), {instanceOf: Failure});
  t.is(error?.message, 'list.txt: is not signed by the distribution’s key');
});

test.serial('a bundle that does not have a pinned key is refused by name', async (t) => {
  const pinned = await fingerprintOf('expired');
  const error = await t.throwsAsync(verifiedByPin(t, pinned, 'distribution'), {instanceOf: Failure});
  t.regex(error?.message ?? '', new RegExp(`keys\\.gpg does not have the pinned key ${pinned}$`));
});
