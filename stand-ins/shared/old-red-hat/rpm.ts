import {defineBuilder} from '../../../src/recipe/builder.ts';
import {type NewRpmKey, type RpmKey, rpmTools} from '../rpm/index.ts';
import type {MakingTools} from '../stand-in.ts';

/** The tools that make rpms, and a GnuPG that signs as rpm's did in 2014. */
export const oldRedHatTools = defineBuilder({
  name: 'mirror-old-rpm',
  base: rpmTools,
  packages: ['gnupg1'],
});

/**
 * A key as CentOS 7's and Fedora's of 2017 are: RSA, bound to its name by a SHA-1 signature, which signs packages
 * by OpenPGP's version 3 with SHA-256.
 */
export async function makeOldKey(
  {run, write}: MakingTools,
  {name, home, publicKey}: NewRpmKey,
): Promise<RpmKey> {
  const address = `${name}@example.org`;
  const gpg = ['gpg1', '--homedir', home, '--batch', '--yes', '--quiet'];
  await run(['mkdir', '-p', '-m', '700', home]);
  const parameters = ['Key-Type: RSA', 'Key-Length: 2048', `Name-Real: ${name}`, `Name-Email: ${address}`];
  await write(`${home}/parameters`, `${parameters.join('\n')}\n`);
  await run([...gpg, '--cert-digest-algo', 'SHA1', '--gen-key', `${home}/parameters`]);
  await run([...gpg, '--armor', '--output', publicKey, '--export', address]);
  return oldKey(name, home);
}

/** A key that has been made. */
export function oldKey(name: string, home: string): RpmKey {
  const macros = [
    '__gpg /usr/bin/gpg1',
    '_gpg_digest_algo sha256',
    '_gpg_sign_cmd_extra_args --force-v3-sigs',
  ];
  return {home, address: `${name}@example.org`, macros};
}

/** rpms that an rpm of 2014 can unpack. */
export const oldRpms = {payload: 'w1.gzdio'} as const;

/** Makes a folder a repository as it was then: gzip, SHA-256, and SQLite databases beside the XML. */
export async function makeOldRepository({run}: MakingTools, folder: string): Promise<void> {
  const argv = ['createrepo_c', '--quiet', '--checksum=sha256', '--general-compress-type=gz', '--database'];
  await run([...argv, folder]);
}
