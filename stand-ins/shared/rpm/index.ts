import {base} from '../../../builders/base.ts';
import {defineBuilder} from '../../../src/recipe/builder.ts';
import type {MakingTools} from '../stand-in.ts';

/** The tools for the functions here, and for a userland and locales to make packages of. */
export const rpmTools = defineBuilder({
  name: 'mirror-rpm',
  base,
  packages: ['createrepo-c', 'gpg', 'gpg-agent', 'locales', 'mmdebstrap', 'rpm'],
});

/** What gives logins the locale of `/etc/locale.conf`, in all releases. */
export const loginLocale = new URL('files/', import.meta.url);

/** A package to be made. */
export interface RpmPackage {
  readonly name: string;
  /** The container's folder with its files; without one it has none. */
  readonly folder?: string;
  readonly requires?: readonly string[];
  readonly provides?: readonly string[];
  /** What a shell runs in the tree once its files are there. */
  readonly post?: string;
}

export interface RpmBuild {
  /** One specification is made of all: `fedora-44`. */
  readonly title: string;
  readonly version: string;
  /** As in the file's name: `1.fc44`. */
  readonly release: string;
  readonly packages: readonly RpmPackage[];
  /** The container's folder the rpms are put into. */
  readonly into: string;
  /** A tree whose `/etc/passwd` and `/etc/group` name the owners of the files; all are root's without one. */
  readonly owners?: string;
  /** rpm's name of the payload's compression; `w1.gzdio` for an rpm that does not know zstd, which has no newer flags. */
  readonly payload?: string;
}

/** Makes rpms of folders by one run of rpmbuild(8). Dependencies are only those that are given. */
export async function buildRpms(tools: MakingTools, build: RpmBuild): Promise<void> {
  const {title, packages, into, owners = '/nonexistent', payload = 'w1.zstdio'} = build;
  const work = `/srv/rpmbuild/${title}`;
  await tools.write(`${work}/list-files`, listFiles);
  await tools.write(`${work}/${title}.spec`, specification(build, work));
  const folders = packages.flatMap(({name, folder}) =>
    folder === undefined ? [] : [`${name}\t${folder}\n`],
  );
  await tools.run(['sh', '-e', `${work}/list-files`, work, owners], {input: folders.join('')});
  const macros = [
    `_topdir ${work}`,
    `_rpmdir ${into}`,
    '_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm',
    // whatever is in a folder is meant: nothing is stripped or compressed
    '__os_install_post %{nil}',
    '_build_id_links none',
    `_binary_payload ${payload}`,
  ];
  await tools.run([
    ...['rpmbuild', '-bb', '--quiet', '--target', 'x86_64', '--nodebuginfo'],
    ...macros.flatMap((macro) => ['--define', macro]),
    `${work}/${title}.spec`,
  ]);
  await tools.run(['rm', '-rf', work]);
}

function specification({title, version, release, packages}: RpmBuild, work: string): string {
  const head = [
    `Name: ${title}`,
    `Version: ${version}`,
    `Release: ${release}`,
    'Summary: Stand-in',
    'License: None',
    'AutoReqProv: no',
    '%description',
    'Stand-in.',
    '%install',
    'mkdir -p %{buildroot}',
    ...packages.flatMap(({folder}) => (folder === undefined ? [] : [`cp -al ${folder}/. %{buildroot}/`])),
  ];
  const each = packages.flatMap(({name, folder, requires = [], provides = [], post}) => [
    `%package -n ${name}`,
    'Summary: Stand-in',
    'AutoReqProv: no',
    ...requires.map((need) => `Requires: ${need}`),
    ...provides.map((gift) => `Provides: ${gift}`),
    `%description -n ${name}`,
    'Stand-in.',
    ...(post === undefined ? [] : [`%post -n ${name}`, post]),
    folder === undefined ? `%files -n ${name}` : `%files -n ${name} -f ${work}/${name}.files`,
  ]);
  return `${[...head, ...each].join('\n')}\n`;
}

/** The %files of every folder, with the modes and owners that they have there. */
const listFiles = `
work=$1 owners=$2
while IFS="$(printf '\\t')" read -r name folder; do
  find "$folder" -mindepth 1 -printf '%y %m %U %G /%P\\n' | awk -v owners="$owners" '
    BEGIN {
      FS = ":"
      while ((getline < (owners "/etc/passwd")) > 0) user[$3] = $1
      while ((getline < (owners "/etc/group")) > 0) group[$3] = $1
      FS = " "
    }
    {
      path = $0; sub(/^[^ ]+ [^ ]+ [^ ]+ [^ ]+ /, "", path); gsub(/%/, "%%", path)
      u = ($3 in user) ? user[$3] : "root"; g = ($4 in group) ? group[$4] : "root"
      mode = ($1 == "l") ? "-" : $2
      printf "%s%%attr(%s,%s,%s) \\"%s\\"\\n", ($1 == "d" ? "%dir " : ""), mode, u, g, path
    }' > "$work/$name.files"
done
`;

/** A key that signs, made on the spot. */
export interface RpmKey {
  /** gpg(1)'s home. */
  readonly home: string;
  readonly address: string;
  /** rpm's macros to sign with, where they are not the usual ones. */
  readonly macros?: readonly string[];
}

/** Where a key is made, and which. */
export interface NewRpmKey {
  /** Its address is at example.org. */
  readonly name: string;
  /** gpg(1)'s home. */
  readonly home: string;
  /** The file that gets the public key, armored. */
  readonly publicKey: string;
}

/** Makes a key and writes its public half to a file. */
export async function makeRpmKey({run}: MakingTools, {name, home, publicKey}: NewRpmKey): Promise<RpmKey> {
  const address = `${name}@example.org`;
  const gpg = ['gpg', '--homedir', home, '--batch', '--yes'];
  await run(['mkdir', '-p', '-m', '700', home]);
  await run([...gpg, '--passphrase', '', '--quick-generate-key', address, 'rsa3072', 'sign', 'never']);
  await run([...gpg, '--armor', '--output', publicKey, '--export', address]);
  return {home, address};
}

/** Signs all rpms of a folder with rpmsign(8). */
export async function signRpms(
  {run}: MakingTools,
  folder: string,
  {home, address, macros: others = []}: RpmKey,
): Promise<void> {
  const macros = [`_gpg_path ${home}`, `_gpg_name ${address}`, '__gpg /usr/bin/gpg', ...others];
  const argv = ['rpmsign', '--addsign', ...macros.flatMap((macro) => ['--define', macro])];
  await run(['sh', '-c', 'cd "$0" && printf "%s\\n" *.rpm | xargs -P 2 -n 10 "$@"', folder, ...argv]);
}

/** A group of comps.xml: what `dnf install @core` installs. */
export interface RpmGroup {
  readonly id: string;
  readonly packages: readonly string[];
}

/** Makes a folder a repository by createrepo_c(8), its groups included, and signs its repomd.xml. */
export async function makeRepository(
  {run, write}: MakingTools,
  folder: string,
  {groups = [], key}: {readonly groups?: readonly RpmGroup[]; readonly key: RpmKey},
): Promise<void> {
  const comps = '/srv/comps.xml';
  await write(comps, compsXml(groups));
  await run(['createrepo_c', '--quiet', '--general-compress-type=gz', `--groupfile=${comps}`, folder]);
  await run([
    ...['gpg', '--homedir', key.home, '--batch', '--yes', '--local-user', key.address],
    ...['--armor', '--detach-sign', `${folder}/repodata/repomd.xml`],
  ]);
}

function compsXml(groups: readonly RpmGroup[]): string {
  const each = groups.map(({id, packages}) => {
    const list = packages.map((name) => `<packagereq type="mandatory">${name}</packagereq>`);
    return `<group><id>${id}</id><name>${id}</name><description/><default>true</default>
<uservisible>true</uservisible><packagelist>${list.join('\n')}</packagelist></group>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE comps PUBLIC "-//Red Hat, Inc.//DTD Comps info//EN" "comps.dtd">
<comps>${each.join('\n')}</comps>
`;
}
