import {parse} from 'yaml';
import {z} from 'zod';
import {Failure} from '../../failure.ts';
import type {CheckedMirror, MirrorPlace} from '../../recipe/distribution.ts';
import type {StepContext} from '../../recipe/step.ts';
import {notToBeTrusted, otherMirror, Unreachable} from '../diagnosis.ts';
import {download} from '../download.ts';
import {trimmed} from '../mirrors.ts';
import {keyring, verify} from '../openpgp.ts';
import {isApkKey} from './key.ts';
import type {ApkRelease} from './release.ts';

/** A minirootfs as a branch's list names it. */
export interface Minirootfs {
  readonly file: string;
  readonly version: string;
  readonly sha256: string;
  readonly made?: Date;
}

const folder = '/srv/osctl-template-minirootfs';

/** Downloads a branch's minirootfs into the build container and verifies it by the release key; gives its path there. */
export async function fetchMinirootfs<R extends ApkRelease>(
  context: StepContext<R>,
  mirror: string,
): Promise<{readonly file: string; readonly minirootfs: Minirootfs}> {
  const {container, release} = context;
  const releases = `${trimmed(mirror)}/${release.branch}/releases/x86_64`;
  await container.run(['mkdir', '-p', folder]);
  const fetch = async (name: string) => {
    const to = `${folder}/${name}`;
    await download(context, {url: `${releases}/${name}`, to});
    return to;
  };
  const list = 'latest-releases.yaml';
  const minirootfs = parseReleases(
    await container.run(['cat', await fetch(list)], {quiet: true}),
    `${releases}/${list}`,
  );
  const {file: title, sha256} = minirootfs;
  const file = await fetch(title);
  await verify(context, {
    keyring: await keyring({...context, keys: context.keys.filter((key) => !isApkKey(key))}, 'keys'),
    file,
    signature: await fetch(`${title}.asc`),
    title,
  });
  // the list itself is not signed: what it says is no proof, but it must be about this file
  const [found] = (await container.run(['sha256sum', file], {quiet: true})).split(' ');
  if (found !== sha256) {
    throw new Unreachable(`${title}: is signed, but not the file that ${list} names`, {
      remedy: `The mirror may be in the middle of an update. ${otherMirror}`,
    });
  }
  return {file, minirootfs};
}

/** Verifies a mirror's minirootfs, the first thing a build needs of it. */
export async function checkMinirootfs<R extends ApkRelease>(
  context: StepContext<R>,
  {url}: MirrorPlace,
): Promise<CheckedMirror> {
  const {minirootfs} = await fetchMinirootfs(context, url);
  const {file, made} = minirootfs;
  return {verified: `${file}, by the release key`, ...(made === undefined ? {} : {made})};
}

const releases = z.array(
  z.looseObject({
    flavor: z.string(),
    file: z
      .string()
      .regex(/^alpine-minirootfs-[\w.]+-x86_64\.tar\.gz$/)
      .optional(),
    version: z.coerce.string(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    date: z.string().optional(),
    time: z.string().optional(),
  }),
);

/** The minirootfs in a `latest-releases.yaml`; `title` is its address. */
export function parseReleases(text: string, title: string): Minirootfs {
  let list: unknown;
  try {
    list = parse(text);
  } catch {
    list = undefined; // not YAML at all, and so nothing of a list either
  }
  const found = releases.safeParse(list).data?.find(({flavor}) => flavor === 'alpine-minirootfs');
  if (found?.file === undefined || found.sha256 === undefined) {
    throw new Failure(`${title}: names no minirootfs: truncated or replaced`, {remedy: notToBeTrusted});
  }
  const {file, version, sha256, date, time = '00:00:00'} = found;
  const made = new Date(`${date}T${time}Z`);
  return {file, version, sha256, ...(Number.isNaN(made.getTime()) ? {} : {made})};
}
