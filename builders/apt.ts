import {defineBuilder} from '../src/recipe/builder.ts';
import {base} from './base.ts';

/** For distributions that apt installs. */
export const apt = defineBuilder({
  name: 'apt',
  base,
  packages: ['debian-archive-keyring', 'mmdebstrap'],
});
