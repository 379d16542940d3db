import semver from 'semver';
import {Failure} from '../failure.ts';
import type {Release} from './release.ts';

type Versioned = Pick<Release, 'version'>;

/**
 * A release's version as semver(7) compares it: `24.04` is 24.4, `9-stream` is 9, `3.22` comes after `3.9`. Undefined for one
 * that is no number, such as `edge`, `rawhide` or `testing`: it is in no range, and neither the newest nor the oldest.
 */
export function comparable({version}: Versioned): semver.SemVer | undefined {
  return /^\d/.test(version) ? (semver.coerce(withoutZeros(version)) ?? undefined) : undefined;
}

/**
 * Whether a release is in a range of versions: `releaseIn(release, '>=3.22')`, `'<9 || >=12'`. Throws a Failure of kind
 * `usage` where the range is none.
 */
export function releaseIn(release: Versioned, range: string): boolean {
  const version = comparable(release);
  const valid = semver.validRange(withoutZeros(range.replaceAll(/(\d)-[a-z]+/g, '$1')));
  if (valid === null) {
    throw new Failure(`${range} is no range of versions`, {
      kind: 'usage',
      remedy: "Write one as npm does: '>=3.22', '<9', '>=11 <13'.",
    });
  }
  return version !== undefined && semver.satisfies(version, valid);
}

/** The releases whose versions are numbers, the newest first. */
export function newestFirst<R extends Versioned>(releases: readonly R[]): R[] {
  return releases
    .flatMap((release) => {
      const version = comparable(release);
      return version === undefined ? [] : [{release, version}];
    })
    .toSorted((a, b) => semver.rcompare(a.version, b.version))
    .map(({release}) => release);
}

/** `24.04` as `24.4`: a number of semver's has no leading zeros. */
function withoutZeros(text: string): string {
  return text.replaceAll(/(?<![\d])0+(?=\d)/g, '');
}
