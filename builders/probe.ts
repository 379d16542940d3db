import {defineBuilder} from 'vpsadminos-templates';
import {base} from './base.ts';

/** The outside world of a boot test: the clients that reach a booted template over the network. */
export const probe = defineBuilder({
  name: 'probe',
  base,
  packages: [
    'dnsmasq-base',
    'iproute2',
    'iputils-ping',
    'openssh-client',
    'socat',
    'squashfs-tools',
    'sshpass',
  ],
});
