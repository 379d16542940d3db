import {defineBuilder} from 'vpsadminos-templates';
import {base} from './base.ts';

/** For distributions that apk installs: apk itself comes with the distribution's own tree. */
export const apk = defineBuilder({
  name: 'apk',
  base,
  packages: ['curl', 'gpgv'],
});
