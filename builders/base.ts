import {defineBuilder} from 'vpsadminos-templates';

/** What every build needs: an init that reaps, mounts, and the packing of trees. */
export const base = defineBuilder({
  name: 'base',
  suite: 'trixie',
  packages: ['attr', 'ca-certificates', 'catatonit', 'libdeflate-tools', 'mount'],
});
