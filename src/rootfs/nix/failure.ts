import {type Diagnostics, notToBeTrusted, otherMirror} from '../diagnosis.ts';

/** What Nix says of a store path that a cache has without a signature by a trusted key; it names the path. */
export const unsigned =
  /(?:ignoring substitute for|^path) '([^']+)' (?:from .* not signed by any of the keys|is untrusted)/;

/** What Nix 2 says. Signatures come before everything else. */
export const nixDiagnostics: Diagnostics = {
  complaints: [/^\s*error:|^warning: unable to download/],
  symptoms: [
    {
      says: /lacks a (valid )?signature by a trusted key|does not have a valid signature/,
      means: 'a store path is not signed by the distribution’s key',
      remedy: notToBeTrusted,
      unreachable: false,
    },
    {
      says: /hash mismatch importing path|NAR info file .* is corrupt|bad archive|input doesn't look like|unexpected end of (file|nar)|truncated|zstd|lzma|failed to (read|decompress)|unrecognised (archive|compression)/i,
      means: 'a store path does not match what is signed: truncated or replaced',
      remedy: `${notToBeTrusted} A connection that broke off looks the same: try again.`,
      unreachable: false,
    },
    {
      says: /unable to download .*(Could ?n.t connect|Could not connect|Could not resolve|Connection refused|Timeout|timed out)/i,
      means: 'the binary cache cannot be reached',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /there is no substituter that can build it|unable to download .*HTTP error 4/,
      means: 'the binary cache does not have this file',
      remedy: 'Check the cache’s address, or configure another one under `mirrors:`.',
      unreachable: true,
    },
    {
      says: /unable to download/,
      means: 'the binary cache breaks off',
      remedy: otherMirror,
      unreachable: true,
    },
  ],
};
