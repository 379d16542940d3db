import {defineBuilder} from '../../src/recipe/builder.ts';
import type {MirrorTools} from './look-alike.ts';
import {redHatTools} from './red-hat.ts';
import {buildRpms as build, type RpmBuild, type RpmKey} from './rpm.ts';

/** The tools of `red-hat.ts`, and a GnuPG that signs as rpm's did in 2014. */
export const oldRedHatTools = defineBuilder({
  name: 'mirror-old-rpm',
  base: redHatTools,
  packages: ['gnupg1'],
});

/**
 * A key as CentOS 7's and Fedora's of 2017 are: RSA, bound to its name by a SHA-1 signature, which signs packages
 * by OpenPGP's version 3 with SHA-256.
 */
export async function makeOldKey(
  {run, write}: MirrorTools,
  name: string,
  publicKey: string,
): Promise<RpmKey> {
  const home = `/srv/gpg1/${name}`;
  const address = `${name}@example.org`;
  const gpg = ['gpg1', '--homedir', home, '--batch', '--yes', '--quiet'];
  await run(['mkdir', '-p', '-m', '700', home]);
  const parameters = ['Key-Type: RSA', 'Key-Length: 2048', `Name-Real: ${name}`, `Name-Email: ${address}`];
  await write(`${home}/parameters`, `${parameters.join('\n')}\n`);
  await run([...gpg, '--cert-digest-algo', 'SHA1', '--gen-key', `${home}/parameters`]);
  await run([...gpg, '--armor', '--output', publicKey, '--export', address]);
  const macros = [
    '__gpg /usr/bin/gpg1',
    '_gpg_digest_algo sha256',
    '_gpg_sign_cmd_extra_args --force-v3-sigs',
  ];
  return {home, address, macros};
}

/** rpms that an rpm of 2014 can unpack. */
export async function buildOldRpms(tools: MirrorTools, options: RpmBuild): Promise<void> {
  await build(tools, {payload: 'w1.gzdio', ...options});
}

/** Makes a folder a repository as it was then: gzip, SHA-256, and SQLite databases beside the XML. */
export async function makeOldRepository({run}: MirrorTools, folder: string): Promise<void> {
  const argv = ['createrepo_c', '--quiet', '--checksum=sha256', '--general-compress-type=gz', '--database'];
  await run([...argv, folder]);
}
