import {Failure} from '../../failure.ts';
import {notToBeTrusted} from '../diagnosis.ts';
import {download} from '../download.ts';
import {trimmed} from '../mirrors.ts';
import {type NixContext, runNix} from './nix.ts';

/** A release of a channel. */
export interface ChannelRelease {
  /** The channel's address: `https://channels.nixos.org/nixos-26.05`. */
  readonly url: string;
  /** The commit of nixpkgs, as the channel says. */
  readonly revision: string;
  /** The store path that has the expressions: `/nix/store/…-nixos-channel-26.05.1234.0123456789ab`. */
  readonly storePath: string;
  /** The archive of them in it. */
  readonly archive: string;
}

const folder = '/srv/nixos-channel';

/**
 * Finds out which store path a channel's release is. A channel's files are not signed, but Hydra built them: its
 * job's output is in the binary cache, with the cache's signature over name and content. So the channel and Hydra
 * only say where to look, and are not trusted; what they name must be a channel of the right release by its signed
 * name, and is verified when it is fetched. (NixOS/nixos-channel-scripts makes channels in the same way.)
 */
export async function findChannel(
  context: NixContext,
  {channel, url}: {readonly channel: string; readonly url: string},
): Promise<ChannelRelease> {
  const {container} = context;
  const address = `${trimmed(url)}/${channel}`;
  const answer = async (from: string, to: string, accept?: string) => {
    await container.run(['mkdir', '-p', folder]);
    const found = await download(context, {url: from, to: `${folder}/${to}`, accept});
    return {...found, text: (await container.run(['cat', `${folder}/${to}`], {quiet: true})).trim()};
  };
  const revision = await answer(`${address}/git-revision`, 'git-revision');
  // the channel leads to its latest release, which says what evaluation it is
  const evaluation = await answer(new URL('src-url', revision.url).href, 'src-url');
  const hydra = trimmed(context.sources.hydra?.[0] ?? new URL(evaluation.text).origin);
  const job = `${hydra}${new URL(evaluation.text).pathname}/job/nixos.channel`;
  const {text} = await answer(job, 'job.json', 'application/json');
  const archive = sourceArchive(text);
  const storePath = /^\/nix\/store\/[a-z0-9]{32}-[^/]+/.exec(archive ?? '')?.[0];
  if (archive === undefined || storePath === undefined)
    throw new Failure(`${job}: says nothing of the channel’s archive`);
  if (!storePath.slice(44).startsWith(signedName(channel))) {
    throw new Failure(`${job}: names ${storePath}, which is not ${channel}`, {remedy: notToBeTrusted});
  }
  return {url: address, revision: revision.text, storePath, archive};
}

/** Fetches a release's expressions from the binary cache, verified, and unpacks them into a folder. */
export async function unpackChannel(
  context: NixContext,
  {storePath, archive}: ChannelRelease,
  into: string,
): Promise<void> {
  await runNix(context, ['nix-store', '--realise', storePath]);
  await context.container.run(['mkdir', '-p', into]);
  await context.container.run([
    ...['tar', '--extract', '--file', archive, `--directory=${into}`],
    ...['--strip-components=1', '--no-same-owner'],
  ]);
}

/** Verifies the cache's signature on a release, without fetching it. */
export async function verifyChannel(
  context: NixContext,
  {storePath}: ChannelRelease,
  cache: string,
): Promise<void> {
  await runNix(context, [
    ...['nix', 'store', 'verify', '--no-contents', '--sigs-needed', '1'],
    ...['--store', trimmed(cache), storePath],
  ]);
}

/** How the name of a channel's store path begins: of `nixos-26.05` with its version, of `nixos-unstable` with any. */
export function signedName(channel: string): string {
  const version = /^nixos-(\d\d\.\d\d)(-small)?$/.exec(channel)?.[1];
  return version === undefined ? 'nixos-channel-' : `nixos-channel-${version}`;
}

/** The path of the archive in Hydra's description of a build, of which nothing is taken for granted. */
export function sourceArchive(json: string): string | undefined {
  const products = field(parsed(json), 'buildproducts');
  if (typeof products !== 'object' || products === null) return undefined;
  return Object.values(products)
    .map((product) => field(product, 'path'))
    .filter((path) => typeof path === 'string')
    .find((path) => /^[\w./+-]+\.tar\.xz$/.test(path) && !path.includes('..'));
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? Object.entries(value).find(([key]) => key === name)?.[1]
    : undefined;
}
