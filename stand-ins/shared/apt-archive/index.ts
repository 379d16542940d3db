import {base} from '../../../builders/base.ts';
import {defineBuilder} from '../../../src/recipe/builder.ts';
import {keysFolder, type MakingTools, mirrorFolder} from '../stand-in.ts';

/** Debian's tools to make an archive for apt. */
export const aptArchive = defineBuilder({
  name: 'apt-archive',
  base,
  packages: ['apt-utils', 'dpkg-dev', 'gnupg'],
});

/** A package that differs from Debian's: unpacked, changed by a script, packed again with another version. */
export interface Change {
  readonly package: string;
  readonly version: string;
  /** A shell script that runs in the unpacked package's folder; `DEBIAN/control` has the version already. */
  readonly script?: string;
}

/**
 * The init of a release whose systemd knows cgroup v1 only, by the newer one that stands for it; `version` is that of
 * systemd-sysv.
 */
export const initOfCgroupV1 = (version: string): Change => ({
  package: 'systemd-sysv',
  version,
  script: `
rm sbin/init
printf '#!/bin/sh\\nexec /lib/systemd/systemd systemd.unified_cgroup_hierarchy=0 "$@"\\n' > sbin/init
chmod 755 sbin/init`,
});

export interface ArchiveRelease {
  /** `noble`. */
  readonly suite: string;
  /** As Release files say it: `24.04`. */
  readonly version: string;
  /** The suite of Debian's whose binaries it has. */
  readonly from: string;
  /** Packages beside the essential ones and apt; what they depend on comes with them. */
  readonly packages: readonly string[];
  readonly changes?: readonly Change[];
  /** What the suites beside it have newer: `{'-updates': […]}`. */
  readonly pockets: Readonly<Record<string, readonly Change[]>>;
  /** Pockets that are elsewhere on the server: `{'/updates': '/debian-security'}`. */
  readonly elsewhere?: Readonly<Record<string, string>>;
  /** When its Release files end to be valid, as date(1) reads it; never unless given. */
  readonly validUntil?: string;
}

export interface Archive {
  /** Where it is on the server: `/ubuntu`. */
  readonly path: string;
  readonly origin: string;
  /** The first has all packages that no other has. */
  readonly components: readonly [string, ...string[]];
  /** Packages by component. */
  readonly placed?: Readonly<Record<string, readonly string[]>>;
  /** An address, whose key is made on the spot: `<signer>.gpg` in the keys' folder. */
  readonly signer: string;
  /** When the key was made and Release files were signed, and the day the key expired; now and never unless given. */
  readonly signed?: {readonly on: string; readonly keyExpires: string};
  readonly releases: readonly ArchiveRelease[];
}

/** Makes an archive with dpkg-deb(1), apt-ftparchive(1) and gpg(1) from Debian's binaries. */
export async function makeArchive(tools: MakingTools, archive: Archive): Promise<void> {
  const script = new URL('archive.sh', import.meta.url);
  const step = (name: string, ...argv: readonly string[]) => tools.script(script, [name, ...argv]);
  const {signer, origin, components, placed = {}, signed = {on: '', keyExpires: 'never'}} = archive;
  const places = Object.entries(placed).flatMap(([component, names]) =>
    names.map((name) => `${name} ${component}\n`),
  );
  await tools.write('/srv/placed', places.join(''));
  await step('key', signer, `${keysFolder}/${signer}.gpg`, signed.on, signed.keyExpires);
  for (const release of archive.releases) {
    const {suite, version, from, packages, changes = [], pockets, elsewhere = {}, validUntil = ''} = release;
    const debs = `/srv/debs/${suite}`;
    const repack = (change: Change, to: string) =>
      step('repack', debs, to, change.package, change.version, change.script ?? ':');
    const publish = (pocket: string) => {
      const folder = `${mirrorFolder}${elsewhere[pocket] ?? archive.path}`;
      const names = [origin, suite, pocket, version];
      return step(
        'publish',
        `${debs}${pocket}`,
        folder,
        ...names,
        signer,
        signed.on,
        validUntil,
        ...components,
      );
    };
    await step('fetch', from, debs, ...packages);
    for (const change of changes) await repack(change, debs);
    for (const [pocket, newer] of Object.entries(pockets)) {
      for (const change of newer) await repack(change, `${debs}${pocket}`);
      await publish(pocket);
    }
    await publish('');
  }
}
