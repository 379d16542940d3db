import {buildRpms, type RpmPackage, signRpms} from '../rpm/index.ts';
import {keysFolder, type MakingTools, mirrorFolder, partIn} from '../stand-in.ts';
import {oldRedHatPackages} from './index.ts';
import {makeOldKey, makeOldRepository, oldKey, oldRpms} from './rpm.ts';

/** CentOS 7 or a release of Fedora's: what it has beside the packages that all have. */
export interface OldRelease {
  /** As the recipe calls it: `28`. */
  readonly version: string;
  /** As in the files' names: `1.fc28`. */
  readonly release: string;
  /** Its own packages; one that is named in `files` has those of a folder. */
  readonly packages: readonly RpmPackage[];
  readonly files: Readonly<Record<string, URL>>;
  /** The package that has the distribution's key, and where. */
  readonly key: {readonly package: string; readonly path: string};
  /** The repositories' paths on the server. */
  readonly os: string;
  readonly updates: string;
}

const needsFiles = {requires: ['filesystem']};
const part = partIn(oldRedHatPackages);
const pool = `${part}/pool`;
const publicKey = `${keysFolder}/RPM-GPG-KEY-old-red-hat`;

/** Makes releases' repositories of the common packages and their own, with an update. */
export async function makeOldReleases(tools: MakingTools, releases: readonly OldRelease[]): Promise<void> {
  const {run} = tools;
  const key = oldKey('old-red-hat', `${part}/gnupg`);
  await run(['chmod', '700', key.home]);
  await run(['cp', `${part}/key.asc`, publicKey]);
  await run(['mkdir', '-p', '/srv/updates', ...releases.map(({version}) => `/srv/own/${version}`)]);
  await buildOne(tools, 'updates', '2', {name: 'ca-certificates', ...needsFiles});
  await signRpms(tools, '/srv/updates', key);
  for (const release of releases) {
    const into = `/srv/own/${release.version}`;
    const folder = (name: string) => `/srv/files/${release.version}/${name}`;
    for (const [name, from] of Object.entries(release.files)) await tools.copy(from, folder(name));
    const path = `${folder(release.key.package)}${release.key.path}`;
    await run(['install', '-D', '--mode=644', publicKey, path]);
    const packages = release.packages.map((each) =>
      each.name in release.files ? {...each, folder: folder(each.name)} : each,
    );
    const title = `release-${release.version}`;
    await buildRpms(tools, {...oldRpms, version: '7', release: release.release, title, into, packages});
    await signRpms(tools, into, key);
    await fillRepository(tools, release.os, [pool, into]);
    await fillRepository(tools, release.updates, ['/srv/updates']);
  }
}

/**
 * Repeats a release's first repository below `/replaced`, with a package by a stranger in the place of `less`, which the
 * index lists as if it were right. The stranger's key is `/RPM-GPG-KEY-stranger`.
 */
export async function makeOldReplaced(tools: MakingTools, {os}: OldRelease): Promise<void> {
  const {run} = tools;
  const stranger = await makeOldKey(tools, {
    name: 'stranger',
    home: '/srv/stranger-gnupg',
    publicKey: `${mirrorFolder}/RPM-GPG-KEY-stranger`,
  });
  await run(['mkdir', '-p', '/srv/stranger']);
  await buildOne(tools, 'stranger', '1', {name: 'less', ...needsFiles, post: 'touch /etc/stranger'});
  await signRpms(tools, '/srv/stranger', stranger);
  const replaced = `${mirrorFolder}/replaced${os}`;
  const replace =
    'mkdir -p "$1" && cp -al "$0/." "$1" && cd "$1" && rm -r repodata Packages/less-* && cp /srv/stranger/* Packages/';
  await run(['sh', '-ec', replace, `${mirrorFolder}${os}`, replaced]);
  await makeOldRepository(tools, replaced);
}

const buildOne = (tools: MakingTools, title: string, release: string, given: RpmPackage) =>
  buildRpms(tools, {...oldRpms, version: '7', release, title, into: `/srv/${title}`, packages: [given]});

async function fillRepository(tools: MakingTools, path: string, from: readonly string[]): Promise<void> {
  const folder = `${mirrorFolder}${path}`;
  await tools.run(['mkdir', '-p', `${folder}/Packages`]);
  for (const each of from) await tools.run(['cp', '-al', `${each}/.`, `${folder}/Packages/`]);
  await makeOldRepository(tools, folder);
}
