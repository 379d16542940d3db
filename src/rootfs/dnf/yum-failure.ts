import {type Diagnostics, notToBeTrusted, otherMirror} from '../diagnosis.ts';
import {dnfDiagnostics} from './failure.ts';

/** What yum 3.4 says, or an old dnf. */
export const yumDiagnostics: Diagnostics = {
  complaints: [
    /\[Errno |^(The GPG keys|Package |Invalid|Not tolerating|No package)/,
    ...dnfDiagnostics.complaints,
  ],
  // yum says so of every first package, before it takes the key it was given
  harmless: /^Public key for .* is not installed$/,
  symptoms: [
    {
      says: /The GPG keys listed for|Import of key\(s\) didn't help|Invalid GPG Key|Package .* is not signed/,
      means: 'a package or an index is not signed by the distribution’s key',
      remedy: notToBeTrusted,
      unreachable: false,
    },
    {
      says: /Package does not match intended download|Metadata file does not match checksum/,
      means: 'a download does not match the index: truncated or replaced',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /\[Errno 12\] Timeout|curl#28 /,
      means: 'the mirror does not answer in time',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /curl#[67] /,
      means: 'the mirror cannot be reached',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /HTTPS? Error 4\d\d/,
      means: 'the mirror does not have this file',
      remedy: 'Check the mirror’s address, or configure another mirror under `mirrors:`.',
      unreachable: true,
    },
    {
      says: /Not tolerating missing names|No package .* available/,
      means: 'the mirror does not have a package the recipe asks for',
      remedy: 'Check the package’s name in the recipe, and that the mirror is complete.',
      unreachable: false,
    },
    ...dnfDiagnostics.symptoms,
  ],
};
