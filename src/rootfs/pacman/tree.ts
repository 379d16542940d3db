import {Failure} from '../../failure.ts';
import type {InstalledPackage, PackageTrial} from '../../recipe/distribution.ts';
import type {Rootfs} from '../../recipe/rootfs.ts';
import {type Step, step} from '../../recipe/step.ts';
import {commonFiles} from '../files.ts';
import {trimmed} from '../mirrors.ts';

const config = '/etc/pacman.conf';
const mirrorlist = '/etc/pacman.d/mirrorlist';

/**
 * pacman as a container's owner finds it: the mirrors it was built from, no check of free space and no sandbox for
 * downloads, which need what a container does not have, and a keyring that each container makes itself on first boot:
 * its secret master key can make any key trusted, and must not be shared.
 */
export function pacmanInContainer(): Step {
  return step('pacman in a container', async (rootfs, {sources}) => {
    const {archive = []} = sources;
    const content = await rootfs.read(config);
    if (content === undefined) throw new Failure(`the tree has no ${config}: is pacman installed in it?`);
    const unit = 'pacman-keyring.service';
    await rootfs.write([
      ...(await commonFiles('pacman')),
      {
        path: `/etc/systemd/system/multi-user.target.wants/${unit}`,
        target: `/etc/systemd/system/${unit}`,
      },
      {path: config, content: containerConfig(content)},
      {path: mirrorlist, content: archive.map((url) => `Server = ${trimmed(url)}/$repo/os/$arch\n`).join('')},
    ]);
  });
}

/** What sealing removes of pacman's: keyrings with a secret key, packages, databases that are old tomorrow. */
export const pacmanLeftovers = [
  '/etc/pacman.d/gnupg',
  '/etc/pacman.d/gnupg.new',
  '/var/cache/pacman/pkg/*',
  '/var/lib/pacman/sync/*',
];

/** pacman.conf(5) with two options changed: CheckSpace off, DisableSandbox on. */
export function containerConfig(content: string): string {
  const unchecked = content.replace(/^[ \t]*CheckSpace/gm, '#CheckSpace');
  if (/^[ \t]*DisableSandbox[ \t]*$/m.test(unchecked)) return unchecked;
  const commented = /^#[ \t]*DisableSandbox[ \t]*$/m;
  if (commented.test(unchecked)) return unchecked.replace(commented, 'DisableSandbox');
  return unchecked.replace(/^\[options\]$/m, '[options]\nDisableSandbox');
}

/** A package for the boot tests to install and remove, with a command it brings. */
export function pacmanTrial(name: string, brings: string): PackageTrial {
  const options = ['--noconfirm', '--noprogressbar'];
  return {
    name,
    install: [['pacman', '--sync', '--refresh', ...options, name]],
    remove: ['pacman', '--remove', '--recursive', ...options, name],
    brings,
  };
}

/** The packages pacman knows as installed. */
export async function pacmanPackages(rootfs: Rootfs): Promise<InstalledPackage[]> {
  const desc = await rootfs.run(['sh', '-c', 'cat /var/lib/pacman/local/*/desc']);
  return localPackages(desc).map(({name, version, arch}) => ({name, version, arch}));
}

/** The servers of a tree's repositories, as `core https://…/core/os/x86_64`. */
export async function pacmanSources(rootfs: Rootfs): Promise<string[]> {
  const names = (await rootfs.run(['pacman-conf', '--repo-list'])).split('\n').filter((name) => name !== '');
  const servers = names.map(async (name) => {
    const lines = await rootfs.run(['pacman-conf', '--repo', name, 'Server']);
    return lines.split('\n').flatMap((url) => (url === '' ? [] : [`${name} ${url}`]));
  });
  return (await Promise.all(servers)).flat();
}

export interface LocalPackage extends InstalledPackage {
  readonly built?: Date;
}

/** The `desc` files of libalpm's local database, one after the other: `%NAME%`, its value, an empty line. */
export function localPackages(desc: string): LocalPackage[] {
  const fields = desc.split(/^%NAME%$/m).slice(1);
  return fields.map((text) => {
    const field = (name: string) => new RegExp(`^%${name}%\\n(.*)$`, 'm').exec(text)?.[1] ?? '';
    const built = field('BUILDDATE');
    return {
      name: text.trim().split('\n')[0] ?? '',
      version: field('VERSION'),
      arch: field('ARCH'),
      ...(built === '' ? {} : {built: new Date(Number(built) * 1000)}),
    };
  });
}
