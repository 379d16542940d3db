import {defineBuilder} from 'vpsadminos-templates';
import {base} from './base.ts';

/** For distributions that Nix builds. */
export const nix = defineBuilder({
  name: 'nix',
  base,
  packages: ['curl', 'nix-bin', 'xz-utils'],
});
