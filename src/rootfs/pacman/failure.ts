import {type Diagnostics, notToBeTrusted, otherMirror} from '../diagnosis.ts';

/** What pacman 6 and 7 say in English. */
export const pacmanDiagnostics: Diagnostics = {
  complaints: [/^(error|warning): |is corrupted/],
  symptoms: [
    {
      says: /key ".*" is (unknown|disabled)|signature from ".*" is (unknown|marginal|never) trust|required key missing from keyring|could not be (looked up|imported)/,
      means: 'a package is not signed by the distribution’s key',
      remedy: notToBeTrusted,
      unreachable: false,
    },
    {
      says: /signature from ".*" is invalid|invalid or corrupted (package|database) \(PGP signature\)/,
      means: 'a package does not match its signature: truncated or replaced',
      remedy: notToBeTrusted,
      unreachable: false,
    },
    {
      says: /missing required signature/,
      means: 'a package has no signature that can be read',
      remedy: notToBeTrusted,
      unreachable: false,
    },
    {
      says: /invalid or corrupted package \(checksum\)/,
      means: 'a package does not match the checksum in the mirror’s database: truncated or replaced',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /Unrecognized archive format|[Tt]runcated|could not open (file|package)|invalid or corrupted (package|database)|Maximum file size exceeded/,
      means: 'a download is not complete, or no package or database at all',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /Operation too slow|[Tt]imed out|Timeout/,
      means: 'the mirror does not answer in time',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /SSL certificate|SSL peer certificate/,
      means: 'the mirror’s certificate is not valid',
      remedy: 'Check the mirror’s address and this machine’s clock.',
      unreachable: false,
    },
    {
      says: /returned error: 4\d\d/,
      means: 'the mirror does not have what was asked for',
      remedy: 'Check the mirror’s address, or configure another mirror under `mirrors:`.',
      unreachable: true,
    },
    {
      says: /bytes missing|transfer closed with|Recv failure|Connection reset/,
      means: 'the mirror breaks off',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /[Cc]ould not resolve|[Ff]ailed to connect|Could not connect|Connection refused|failed retrieving file/,
      means: 'the mirror cannot be reached',
      remedy: otherMirror,
      unreachable: true,
    },
    {
      says: /target not found|unable to satisfy dependency/,
      means: 'the mirror does not have a package the recipe asks for',
      remedy: 'Check the package’s name in the recipe, and that the mirror is complete.',
      unreachable: false,
    },
  ],
};
