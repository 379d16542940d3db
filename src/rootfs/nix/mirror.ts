import type {CheckedMirror, MirrorPlace} from '../../recipe/distribution.ts';
import type {Release} from '../../recipe/release.ts';
import type {StepContext} from '../../recipe/step.ts';
import {findChannel, verifyChannel} from './channel.ts';

/**
 * Asks a mirror for the first thing a build needs of it: the channel or Hydra for the store path of a release, a
 * cache for that path's signature. That is verified by the cache's key in each case, as the first two sign nothing.
 */
export async function checkNixMirror<R extends Release & {readonly channel: string}>(
  context: StepContext<R>,
  {name, url}: MirrorPlace,
): Promise<CheckedMirror> {
  const asked = {...context, sources: {...context.sources, [name]: [url]}};
  const [channelUrl = '', cache = ''] = [asked.sources.channel?.[0], asked.sources.cache?.[0]];
  const found = await findChannel(asked, {channel: context.release.channel, url: channelUrl});
  await verifyChannel(asked, found, cache);
  return {verified: `${found.storePath.slice(44)}, by the key of the binary cache`};
}
