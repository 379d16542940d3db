import {Failure} from '../../failure.ts';
import type {CheckedMirror, MirrorPlace} from '../../recipe/distribution.ts';
import type {Release} from '../../recipe/release.ts';
import {parseSerial} from '../../recipe/serial.ts';
import {type Step, type StepContext, step} from '../../recipe/step.ts';
import {notToBeTrusted} from '../diagnosis.ts';
import {download} from '../download.ts';
import {firstMirror, trimmed} from '../mirrors.ts';
import {verify, verifySha512} from '../openpgp.ts';
import {type PinnedKeys, pinnedKeyring} from '../pinned-keys.ts';

export interface Stage3Options {
  /** As in the list's name: `openrc`, `systemd`, `musl-openrc`. */
  readonly flavour: string;
  readonly keys: PinnedKeys;
}

/** Gentoo's newest stage3 as a verified list names it. */
export interface Stage3 {
  /** Relative to the folder of autobuilds. */
  readonly path: string;
  /** `stage3-amd64-openrc-20261122T163053Z.tar.xz` */
  readonly name: string;
  /** When it was made, from its name. */
  readonly made: Date | undefined;
}

const autobuilds = 'releases/amd64/autobuilds';
const work = '/srv/osctl-template-stage3';

/** Fills the tree with the newest stage3, once its list, its signature and its digest have been verified. */
export function stage3(options: Stage3Options): Step {
  const {flavour} = options;
  return step(`stage3 ${flavour}`, async (_rootfs, context) => {
    const keyring = await pinnedKeyring(context, options.keys);
    const {container, sources, log} = context;
    await firstMirror(context, sources.distfiles ?? [], async (mirror) => {
      const {path, name} = await latestStage3(context, {flavour, mirror, keyring});
      log(`${name} of ${mirror}`);
      const url = `${trimmed(mirror)}/${autobuilds}/${path}`;
      const file = `${work}/${name}`;
      for (const suffix of ['', '.asc', '.DIGESTS']) {
        await download(context, {url: `${url}${suffix}`, to: `${file}${suffix}`});
      }
      await verify(context, {keyring, file, signature: `${file}.asc`, title: name});
      // the signature alone says nothing of the name: an older stage3, or another flavour, is signed as well
      const digests = await verify(context, {keyring, file: `${file}.DIGESTS`, title: `${name}.DIGESTS`});
      await verifySha512(context, {file, sha512: sha512Of(digests, name), title: name});
      await container.run([
        ...['tar', '--extract', `--file=${file}`, `--directory=${container.tree}`, '--numeric-owner'],
        ...[
          '--preserve-permissions',
          '--xattrs',
          '--xattrs-include=security.capability',
          '--exclude=./dev/*',
        ],
      ]);
      await container.run(['rm', '-r', work]);
    });
  });
}

/** Asks a mirror for the list of a release's newest stage3, and for the keys it is verified by. */
export function checkStage3<R extends Release>(options: {
  readonly keys: PinnedKeys;
  readonly flavour: (release: R) => string;
}) {
  return async (context: StepContext<R>, {name, url}: MirrorPlace): Promise<CheckedMirror> => {
    const {keys} = options;
    if (name === keys.place) {
      await pinnedKeyring({...context, keys: [], sources: {[name]: [url]}}, keys);
      return {verified: `${keys.bundle}, by the fingerprints of its keys`};
    }
    const flavour = options.flavour(context.release);
    const keyring = await pinnedKeyring(context, keys);
    const {made, name: archive} = await latestStage3(context, {flavour, mirror: url, keyring});
    return {
      verified: `the list that names ${archive}, by the release key`,
      ...(made === undefined ? {} : {made}),
    };
  };
}

export interface Stage3List {
  readonly flavour: string;
  readonly mirror: string;
  readonly keyring: string;
}

/** What a mirror's list names as the newest stage3 of a flavour; throws a Failure when it is not signed as it must be. */
export async function latestStage3(
  context: Pick<StepContext, 'container' | 'acceptExpired'>,
  {flavour, mirror, keyring}: Stage3List,
): Promise<Stage3> {
  const title = `latest-stage3-amd64-${flavour}.txt`;
  const file = `${work}/${title}`;
  await context.container.run(['mkdir', '-p', work]);
  await download(context, {url: `${trimmed(mirror)}/${autobuilds}/${title}`, to: file});
  return parseStage3List(await verify(context, {keyring, file, title}), flavour);
}

/** Reads a list's signed text: a line with the path, and the size in bytes, of the flavour's stage3. */
export function parseStage3List(text: string, flavour: string): Stage3 {
  const title = `latest-stage3-amd64-${flavour}.txt`;
  for (const line of text.split('\n')) {
    const match =
      /^(?<path>[\w./-]*?(?<name>stage3-amd64-(?<flavour>[a-z-]+)-(?<time>\w+)\.tar\.xz))\s+\d+$/.exec(line);
    const {path, name, flavour: found, time = ''} = match?.groups ?? {};
    if (path === undefined || name === undefined || found !== flavour || path.includes('..')) continue;
    return {path, name, made: parseSerial(time)};
  }
  throw new Failure(`${title}: names no stage3 of ${flavour}`, {
    remedy: notToBeTrusted,
    lastLines: text.trim().split('\n'),
  });
}

/** The SHA-512 digest of a file in a list of them, as `sha512sum` prints it under a heading. */
export function sha512Of(digests: string, name: string): string {
  const blocks = digests.split(/^# /m).filter((block) => block.startsWith('SHA512 HASH'));
  const lines = blocks.flatMap((block) => block.split('\n').map((line) => line.trim().split(/\s+/)));
  const digest = lines.find(([, file]) => file === name)?.[0];
  if (digest !== undefined) return digest;
  throw new Failure(`${name}.DIGESTS: has no SHA-512 digest of ${name}`, {
    remedy: notToBeTrusted,
    lastLines: digests.trim().split('\n'),
  });
}
