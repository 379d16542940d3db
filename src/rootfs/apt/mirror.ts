import {posix} from 'node:path';
import {Failure} from '../../failure.ts';
import type {CheckedMirror, MirrorPlace} from '../../recipe/distribution.ts';
import type {Release} from '../../recipe/release.ts';
import type {StepContext} from '../../recipe/step.ts';
import {otherMirror, Unreachable} from '../diagnosis.ts';
import {download} from '../download.ts';
import {place, trimmed} from '../mirrors.ts';
import {keyring, verify} from '../openpgp.ts';
import {type AptArchive, usualPlaces} from './mmdebstrap.ts';

/**
 * Asks a mirror for the InRelease of the suite that a release takes from it, and verifies its signature with gpgv(1)
 * and its validity as apt would (https://wiki.debian.org/DebianRepository/Format).
 */
export function checkAptMirror<R extends Release>(
  archiveOf: (release: R) => AptArchive,
): (context: StepContext<R>, mirror: MirrorPlace) => Promise<CheckedMirror | undefined> {
  return async (context, {name, url}) => {
    const {suite, pockets, places = usualPlaces, keyring: own, accept} = archiveOf(context.release);
    const asked = name === places.archive ? suite : name === places.security ? pockets.security : undefined;
    if (asked === undefined) return undefined;
    const acceptExpired = context.acceptExpired || accept?.expired === true;
    const title = `InRelease of ${asked}`;
    const file = '/srv/osctl-template-mirror/InRelease';
    await place(context.container, file, '');
    await download(context, {url: `${trimmed(url)}/dists/${asked}/InRelease`, to: file});
    const trusted = await keyring(context, own);
    const content = await verify({...context, acceptExpired}, {keyring: trusted, file, title});
    const until = dateIn(content, 'Valid-Until');
    if (until !== undefined && until.getTime() < Date.now() && !acceptExpired)
      throw new Unreachable(`${title}: expired on ${until.toISOString().slice(0, 10)}`, {
        remedy: otherMirror,
      });
    const made = dateIn(content, 'Date');
    const keys = context.keys.length === 0 ? posix.basename(own) : 'the configured keys';
    return {verified: `${title}, by ${keys}`, ...(made === undefined ? {} : {made})};
  };
}

/** A date of a Release file's, RFC 5322. */
function dateIn(release: string, field: string): Date | undefined {
  const text = new RegExp(`^${field}: (.+)$`, 'm').exec(release)?.[1];
  if (text === undefined) return undefined;
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) throw new Failure(`the Release file’s ${field} is no date: ${text}`);
  return date;
}
