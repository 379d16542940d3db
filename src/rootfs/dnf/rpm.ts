import type {InstalledPackage} from '../../recipe/distribution.ts';
import type {Rootfs} from '../../recipe/rootfs.ts';

/** The packages rpm knows as installed, by the tree's own rpm; the keys that it keeps as packages are none. */
export async function rpmPackages(rootfs: Rootfs): Promise<InstalledPackage[]> {
  const format = '%{NAME}\\t%{EPOCHNUM}\\t%{VERSION}-%{RELEASE}\\t%{ARCH}\\n';
  const lines = (await rootfs.run(['rpm', '--query', '--all', '--queryformat', format])).split('\n');
  // what Berkeley DB leaves beside the databases of old rpms, even of who only reads
  await rootfs.remove('/var/lib/rpm/__db.*');
  return lines.flatMap((line) => {
    const [name, epoch, version, arch] = line.split('\t');
    if (name === undefined || version === undefined || arch === undefined || name === 'gpg-pubkey') return [];
    return [{name, version: epoch === '0' ? version : `${epoch}:${version}`, arch}];
  });
}

/** The enabled repositories of a tree: their id and where they are, as in dnf.conf(5). */
export async function yumRepositories(rootfs: Rootfs): Promise<string[]> {
  return parseRepositories(await rootfs.run(['sh', '-c', 'cat /etc/yum.repos.d/*.repo']));
}

/** The sections of `.repo` files that are enabled: `fedora https://…`. */
export function parseRepositories(text: string): string[] {
  return text.split(/^(?=\[)/m).flatMap((section) => {
    const field = (name: string) => new RegExp(`^${name}\\s*=\\s*(.*)$`, 'm').exec(section)?.[1]?.trim();
    const id = /^\[([^\]]+)\]/.exec(section)?.[1];
    const place = field('baseurl') ?? field('metalink') ?? field('mirrorlist');
    if (id === undefined || place === undefined || field('enabled') === '0') return [];
    return [`${id} ${place}`];
  });
}
