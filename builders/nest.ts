import {defineBuilder} from 'vpsadminos-templates';
import {base} from './base.ts';

/** What a boot test runs in a member's container with nesting on: LXC, and a program for a container inside. */
export const nest = defineBuilder({
  name: 'nest',
  base,
  packages: ['busybox-static', 'lxc'],
});
