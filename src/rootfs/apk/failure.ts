import {type Diagnostics, notToBeTrusted, otherMirror} from '../diagnosis.ts';

/** What apk 2.7 to 3.0 say; a signature comes first, because what cannot be had for it is missing afterwards. */
export const apkDiagnostics: Diagnostics = {
  complaints: [/(ERROR|WARNING): /],
  symptoms: [
    {
      says: /UNTRUSTED signature/i,
      means: 'the mirror’s index or a package is not signed by the distribution’s key',
      remedy: notToBeTrusted,
      unreachable: false,
    },
    {
      says: /BAD (signature|archive|checksum)|IO ERROR|integrity (check )?(error|failed)|unexpected end of file|Connection aborted/i,
      means: 'a download does not match its signature or the signed index: truncated or replaced',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /could not connect|temporary error|network error|network is unreachable|DNS (lookup|address)|name does not resolve/i,
      means: 'the mirror cannot be reached',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /timed out/i,
      means: 'the mirror does not answer in time',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /(updating|opening|fetching|\/(main|community)).*: (No such file or directory|HTTP error|not found)|package mentioned in index not found/i,
      means: 'the mirror does not have all of this release',
      remedy: 'Check the mirror’s address, or configure another mirror under `mirrors:`.',
      unreachable: true,
    },
    {
      says: /unable to select packages|unsatisfiable constraints/,
      means: 'the mirror does not have a package the recipe asks for',
      remedy: 'Check the names of the packages in the recipe, and the mirror’s address.',
      unreachable: false,
    },
  ],
};
