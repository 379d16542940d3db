import {defineBuilder} from 'vpsadminos-templates';
import {base} from './base.ts';

/** For distributions that dnf installs. */
export const dnf = defineBuilder({
  name: 'dnf',
  base,
  packages: ['curl', 'distribution-gpg-keys', 'dnf', 'rpm'],
});
