import {type Diagnostics, notToBeTrusted, otherMirror} from '../diagnosis.ts';

/** What dnf 4, librepo and rpm 4.20 say. */
export const dnfDiagnostics: Diagnostics = {
  complaints: [/^(\s*- |Error|error:|Public key|Problem|Failed|\[(FAILED|MIRROR)\]|GPG|Import of)/],
  symptoms: [
    {
      says: /GPG check FAILED|Import of key\(s\) didn't help|Public key for .* is not (installed|trusted)|is not signed|BAD \(package tag|: NOKEY|: NOTTRUSTED|Bad GPG signature|GPG signature verification|repomd\.xml GPG|does not verify: no signature/,
      means: 'a package or an index is not signed by the distribution’s key',
      remedy: notToBeTrusted,
      unreachable: false,
    },
    {
      says: /checksum doesn't match|[Cc]hecksum error|Digest mismatch|digest: BAD|blob\(\d+\): BAD|does not verify|[Pp]ackage .* is (damaged|corrupt)|Interrupted by header callback|transfer closed|end of response|partial file/,
      means: 'a download does not match the index: truncated or replaced',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /Timeout was reached|Operation too slow|timed out/i,
      means: 'the mirror does not answer in time',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /Could not connect|Couldn't connect|Connection refused|Couldn't resolve|Could not resolve|Network is unreachable|Failed to connect/,
      means: 'the mirror cannot be reached',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /Status code: 4\d\d/,
      means: 'the mirror does not have this file',
      remedy: 'Check the mirror’s address, or configure another mirror under `mirrors:`.',
      unreachable: true,
    },
    {
      says: /Status code: 5\d\d|Failed to download metadata|Error downloading packages|Cannot download/,
      means: 'the mirror breaks off',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /Unable to find a match|No match for argument|nothing provides/,
      means: 'the mirror does not have a package the recipe asks for',
      remedy: 'Check the package’s name in the recipe, and that the mirror is complete.',
      unreachable: false,
    },
  ],
};
