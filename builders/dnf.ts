import {defineBuilder} from '../src/recipe/builder.ts';
import {base} from './base.ts';

/** For distributions that dnf installs. */
export const dnf = defineBuilder({
  name: 'dnf',
  base,
  packages: ['curl', 'distribution-gpg-keys', 'dnf', 'rpm'],
});
