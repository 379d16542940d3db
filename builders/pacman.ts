import {defineBuilder} from 'vpsadminos-templates';
import {base} from './base.ts';

/** For distributions that pacman installs. */
export const pacman = defineBuilder({
  name: 'pacman',
  base,
  packages: ['archlinux-keyring', 'curl', 'gpg', 'gpg-agent', 'makepkg', 'pacman-package-manager'],
});
