import type {StepContext} from '../../recipe/step.ts';
import {primaryFingerprints} from '../fingerprints.ts';
import {place} from '../mirrors.ts';
import {binaryKey} from '../openpgp.ts';

/** A distribution's keys as pacman-key(8) takes them: `<name>.gpg`, `<name>-trusted`, `<name>-revoked`. */
export interface PacmanKeys {
  /** The builder's folder with them. */
  readonly folder: string;
  /** `archlinux`. */
  readonly name: string;
  /** The package that brings the current ones: `archlinux-keyring`. */
  readonly package: string;
}

/** Where pacman's keyring is in the build container; its secret master key ends with the container. */
export const gpgDir = '/srv/pacman/gnupg';

const configured = '/srv/pacman/configured';

/**
 * Makes pacman's keyring in the build container: a master key made on the spot signs the distribution's master
 * keys, or each configured key where there are some, and what those signed is trusted as pacman-key has it.
 */
export async function makeKeyring(
  {container, keys}: Pick<StepContext, 'container' | 'keys'>,
  own: PacmanKeys,
): Promise<void> {
  await container.run(['rm', '-rf', gpgDir]);
  await container.run(['pacman-key', '--gpgdir', gpgDir, '--init']);
  if (keys.length === 0) return populate({container}, own.folder, own.name);
  await place(container, `${configured}/configured.gpg`, Buffer.concat(keys.map(binaryKey)));
  const show = ['gpg', '--show-keys', '--with-colons', `${configured}/configured.gpg`];
  const trusted = primaryFingerprints(await container.run(show, {quiet: true}));
  await place(container, `${configured}/configured-trusted`, trusted.map((key) => `${key}:4:\n`).join(''));
  await populate({container}, configured, 'configured');
}

/** Adds the keys of a folder, and takes those away that it says are revoked. */
export async function populate(
  {container}: Pick<StepContext, 'container'>,
  folder: string,
  name: string,
): Promise<void> {
  const from = ['--populate-from', folder];
  await container.run(['pacman-key', '--gpgdir', gpgDir, ...from, '--populate', name]);
}
