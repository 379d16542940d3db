import {type Diagnostics, otherMirror} from '../diagnosis.ts';

/** What apt 2.2 to 3.1 say. */
export const aptDiagnostics: Diagnostics = {
  complaints: [/^[EW]: /],
  symptoms: [
    {
      says: /NO_PUBKEY|BADSIG|EXPKEYSIG|REVKEYSIG|is not signed|Missing key|[Ss]ignatures? (were|was|couldn't)|Sub-process .*sqv? returned|OpenPGP signature verification failed/,
      means: 'the mirror’s index is not signed by the distribution’s key',
      remedy:
        'Nothing of it was used. Check the mirror’s address; if it is right, the mirror is not to be trusted.',
      unreachable: false,
    },
    {
      says: /does not have a Release file/,
      means: 'the mirror does not have this suite',
      remedy: 'Check the mirror’s address, or configure another mirror under `mirrors:`.',
      unreachable: true,
    },
    {
      says: /Release file for .* is (expired|not valid)/,
      means: 'the mirror’s index has expired, so the mirror is out of date',
      remedy: `${otherMirror} \`acceptExpired: true\` takes it as it is.`,
      unreachable: true,
    },
    {
      says: /Hash Sum mismatch|File has unexpected size|Unexpected end of file|Size mismatch|Error reading from server|Remote end closed connection|Undetermined Error/,
      means: 'a download does not match the signed index: truncated or replaced',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /Connection timed out|timed out|Connection failed/,
      means: 'the mirror does not answer in time',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /Could not connect|Unable to connect|Connection refused|Temporary failure resolving|Could not resolve|Network is unreachable/,
      means: 'the mirror cannot be reached',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /Unable to locate package|has no installation candidate/,
      means: 'the mirror does not have a package the recipe asks for',
      remedy: 'Check the package’s name in the recipe, and that the mirror is complete.',
      unreachable: false,
    },
  ],
};
