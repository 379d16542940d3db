import {readdir, readFile, stat} from 'node:fs/promises';
import {basename, isAbsolute, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Failure} from '../failure.ts';
import type {KeyFile, StepContext} from '../recipe/step.ts';
import {notToBeTrusted} from './diagnosis.ts';
import {place} from './mirrors.ts';

/**
 * Where a distribution's own keys are: an absolute path is a keyring of the builder's, any other a file or a folder of
 * the recipe's, in which each file is a key: `keys`, `keys/archive.asc`.
 */
export type OwnKeys = string;

type Trusting = Pick<StepContext, 'container' | 'keys' | 'folder'>;

/**
 * The keyring of the build container that has the configured keys, or else the distribution's own: its path. Throws a
 * Failure that names the keyring when there is none.
 */
export async function keyring(context: Trusting, own: OwnKeys): Promise<string> {
  const keys = await trustedKeys(context, own);
  if (keys === undefined) {
    await requireKeyring(context, own);
    return own;
  }
  const path = '/srv/osctl-template-keys/trusted.gpg';
  await place(context.container, path, Buffer.concat(keys.map(binaryKey)));
  return path;
}

/** The configured keys, or else the recipe's; undefined where the builder has the keyring. */
export async function trustedKeys(
  {keys, folder}: Pick<StepContext, 'keys' | 'folder'>,
  own: OwnKeys,
): Promise<readonly KeyFile[] | undefined> {
  if (keys.length > 0) return keys;
  return isAbsolute(own) ? undefined : keysIn(own, {folder});
}

async function requireKeyring({container}: Pick<Trusting, 'container'>, path: string): Promise<void> {
  const found = await container.run(['sh', '-c', 'if [ -r "$0" ]; then echo yes; fi', path], {quiet: true});
  if (found.trim() === 'yes') return;
  throw new Failure(`the builder has no keyring ${path}`, {
    remedy:
      "Correct the path in the recipe, add the Debian package that has it to the builder, or put the key into the recipe's own folder: keys/archive.asc.",
  });
}

/** A file of the recipe's folder, or the files of a folder in it, sorted. Throws a Failure that names what is not there. */
export async function keysIn(
  path: string,
  {folder: recipe}: Pick<StepContext, 'folder'>,
): Promise<KeyFile[]> {
  const place = fileURLToPath(new URL(path, recipe));
  const read = async (file: string) => ({name: basename(file), content: await readFile(file)});
  try {
    if ((await stat(place)).isFile()) return [await read(place)];
    const names = (await readdir(place)).toSorted();
    return await Promise.all(names.map((name) => read(join(place, name))));
  } catch (error) {
    throw new Failure(`the recipe has no key ${path}`, {
      remedy: `Put it there: ${place}, as \`gpg --export\` writes it.`,
      cause: error,
    });
  }
}

/** A file with a signature, in the build container. */
export interface Signed {
  /** A keyring as `keyring` gives it. */
  readonly keyring: string;
  readonly file: string;
  /** The detached signature's file; without it the file is clear-signed. */
  readonly signature?: string;
  /** What it is to a person: `latest-stage3.txt`. */
  readonly title: string;
}

/**
 * Verifies a signed file with gpgv(1) and gives what was signed of a clear-signed one, which alone may be used.
 * Throws a Failure that says which check failed. A key that has expired is taken where expired indexes are.
 */
export async function verify(
  {container, acceptExpired}: Pick<StepContext, 'container' | 'acceptExpired'>,
  {keyring, file, signature, title}: Signed,
): Promise<string> {
  const content = '/srv/osctl-template-keys/content';
  const files = signature === undefined ? ['--output', content, file] : [signature, file];
  const script = 'mkdir -p "$(dirname "$0")"; rm -f "$0"; gpgv "$@" || :';
  const status = await container.run(
    ['sh', '-c', script, content, '--status-fd', '1', '--keyring', keyring, ...files],
    {quiet: true},
  );
  const says = (word: string) => new RegExp(`^\\[GNUPG:\\] ${word}\\b`, 'm').test(status);
  const refuse = (reason: string): never => {
    throw new Failure(`${title}: ${reason}`, {remedy: notToBeTrusted, lastLines: status.trim().split('\n')});
  };
  if (says('BADSIG')) refuse('does not match its signature: truncated or replaced');
  if (says('REVKEYSIG')) refuse('is signed by a key that was revoked');
  // several may have signed, and not all of them need be known here
  const trusted = says('GOODSIG') || (acceptExpired && says('EXPKEYSIG'));
  if (!trusted) {
    if (says('EXPSIG')) refuse('has a signature that expired');
    if (says('EXPKEYSIG')) refuse('is signed by a key that expired');
    if (says('NO_PUBKEY')) refuse('is not signed by the distribution’s key');
    refuse('has no signature that can be read: truncated or not signed');
  }
  return signature === undefined ? await container.run(['cat', content], {quiet: true}) : '';
}

/** Verifies a file of the build container by a digest that something signed says. */
export async function verifySha256(
  {container}: Pick<StepContext, 'container'>,
  {file, sha256, title}: {readonly file: string; readonly sha256: string; readonly title: string},
): Promise<void> {
  await verifyDigest(container, {program: 'sha256sum', file, digest: sha256, title});
}

/** The same by SHA-512. */
export async function verifySha512(
  {container}: Pick<StepContext, 'container'>,
  {file, sha512, title}: {readonly file: string; readonly sha512: string; readonly title: string},
): Promise<void> {
  await verifyDigest(container, {program: 'sha512sum', file, digest: sha512, title});
}

interface Digested {
  readonly program: 'sha256sum' | 'sha512sum';
  readonly file: string;
  readonly digest: string;
  readonly title: string;
}

async function verifyDigest(
  container: StepContext['container'],
  {program, file, digest, title}: Digested,
): Promise<void> {
  const [found] = (await container.run([program, file], {quiet: true})).split(' ');
  if (found === digest) return;
  throw new Failure(`${title}: does not match the signed digest: truncated or replaced`, {
    remedy: notToBeTrusted,
    lastLines: [`expected ${digest}`, `found ${found}`],
  });
}

/** A key as gpgv reads it; an armored one is unwrapped, RFC 9580, 6.2. */
export function binaryKey({content, name}: KeyFile): Uint8Array {
  const text = Buffer.from(content).toString('latin1');
  if (!text.includes('-----BEGIN PGP')) return content;
  const blocks = [
    ...text.matchAll(
      /-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n([\s\S]*?)-----END PGP PUBLIC KEY BLOCK-----/g,
    ),
  ];
  if (blocks.length === 0) {
    throw new Failure(`${name} is not a public key`, {
      kind: 'usage',
      remedy: 'Export it with `gpg --export`.',
    });
  }
  return Buffer.concat(
    blocks.map(([, block = '']) => {
      const body = block.replace(/^[\s\S]*?\r?\n\r?\n/, '').replace(/^=.*$/m, '');
      return Buffer.from(body, 'base64');
    }),
  );
}
