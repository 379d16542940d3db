import {Failure} from '../failure.ts';
import type {StepContext} from '../recipe/step.ts';
import {notToBeTrusted} from './diagnosis.ts';
import {download} from './download.ts';
import {primaryFingerprints} from './fingerprints.ts';
import {firstMirror, trimmed} from './mirrors.ts';
import {keyring} from './openpgp.ts';

/** Keys that the recipe names by fingerprint, and where a bundle that has them is. */
export interface PinnedKeys {
  /** Of the primary keys, in hexadecimal, without spaces. */
  readonly fingerprints: readonly string[];
  /** The mirrors' place that has the bundle. Whoever serves it can leave keys out, and cannot put others in. */
  readonly place: string;
  /** The bundle's path behind the place's address. */
  readonly bundle: string;
}

const folder = '/srv/osctl-template-pinned-keys';

/**
 * The keyring of the build container that has the configured keys, or else the pinned ones as the bundle has them
 * now: a distribution that extends its keys' validity every year does not need a new recipe every year. gpg(1) checks
 * on import that subkeys and dates are signed by the key itself. Throws a Failure that names a key that is missing.
 */
export async function pinnedKeyring(
  context: Pick<StepContext, 'container' | 'keys' | 'folder' | 'sources' | 'log'>,
  {fingerprints, place, bundle}: PinnedKeys,
): Promise<string> {
  if (context.keys.length > 0) return keyring(context, 'keys');
  const {container} = context;
  const [home, file, trusted] = [`${folder}/gnupg`, `${folder}/bundle`, `${folder}/trusted.gpg`];
  await container.run(['sh', '-c', 'rm -rf "$0" && mkdir -p -m 700 "$0" "$1"', folder, home]);
  const fetch = async (mirror: string) => {
    await download(context, {url: `${trimmed(mirror)}/${bundle}`, to: file});
  };
  await firstMirror(context, context.sources[place] ?? [], fetch, {keep: true});
  const gpg = (...argv: readonly string[]) => ['gpg', '--batch', '--quiet', '--homedir', home, ...argv];
  // gpg's exit code speaks of any key of the bundle; the pinned ones are asked for below
  await container.run(['sh', '-c', '"$@" || :', 'sh', ...gpg('--import', file)]);
  const listing = await container.run(gpg('--with-colons', '--fingerprint', '--list-keys'), {quiet: true});
  const found = primaryFingerprints(listing);
  const missing = fingerprints.filter((fingerprint) => !found.includes(fingerprint));
  if (missing.length > 0) {
    throw new Failure(`${bundle} does not have the pinned key ${missing.join(', nor ')}`, {
      remedy: notToBeTrusted,
      lastLines: found.map((fingerprint) => `it has ${fingerprint}`),
    });
  }
  await container.run(gpg('--output', trusted, '--export', ...fingerprints));
  return trusted;
}
