import {defineBuilder} from 'vpsadminos-templates';
import {base} from './base.ts';

/** For distributions that apt installs; curl and gpgv ask mirrors that no build runs from. */
export const apt = defineBuilder({
  name: 'apt',
  base,
  packages: ['curl', 'debian-archive-keyring', 'gpgv', 'mmdebstrap', 'ubuntu-keyring'],
});
