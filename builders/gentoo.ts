import {defineBuilder} from 'vpsadminos-templates';
import {base} from './base.ts';

/** For stage3 archives; their own Portage does the rest. `gpg` takes the pinned keys out of Gentoo's bundle. */
export const gentoo = defineBuilder({
  name: 'gentoo',
  base,
  packages: ['curl', 'gpg', 'gpgv', 'xz-utils'],
});
