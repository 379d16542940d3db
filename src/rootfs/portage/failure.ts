import {type Diagnostics, notToBeTrusted, otherMirror} from '../diagnosis.ts';

/** What Portage 3 says. */
export const portageDiagnostics: Diagnostics = {
  complaints: [/^(!!!|emerge:|\s*\* ERROR|gpg:)|Signature|Digest/],
  symptoms: [
    {
      says: /InvalidSignature|MissingSignature|GPG verify failed|BAD signature|(Invalid|Missing) signature/i,
      means: 'a binary package is not signed by the distribution’s key',
      remedy: notToBeTrusted,
      unreachable: false,
    },
    {
      says: /DigestException|Digest verification failed|VERIFY FAILED|InvalidBinaryPackageFormat|(size|checksum) mismatch/i,
      means: 'a binary package does not match its signed digests: truncated or replaced',
      remedy: notToBeTrusted,
      unreachable: false,
    },
    {
      says: /Error fetching binhost package info|Fetcher exited with a failure|Couldn't download|Binary package .*could not be fetched/i,
      means: 'the binary packages cannot be fetched',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /there are no binary packages to satisfy/,
      means: 'the mirror does not have a binary package the recipe asks for',
      remedy:
        'Check the package’s name in the recipe, and that the mirror has the binary packages of this flavour.',
      unreachable: false,
    },
    {
      says: /profile is (invalid|not|missing)|make\.profile/,
      means: 'the profile of the stage3 is not in the snapshot of the ebuild repository',
      remedy: 'Take the snapshot and the stage3 of one mirror, and of about the same age.',
      unreachable: false,
    },
  ],
};
