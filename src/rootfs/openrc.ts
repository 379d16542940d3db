import {type Step, step} from '../recipe/step.ts';
import {commonFiles} from './files.ts';

export interface OpenrcOptions {
  /** Services by the runlevel they are in, beside ours: `{boot: ['bootmisc'], default: ['sshd']}`. */
  readonly services: Readonly<Partial<Record<Runlevel, readonly string[]>>>;
  /** Services the distribution enables that cannot work in a container, whatever runlevel they are in. */
  readonly disable?: readonly string[];
}

/** OpenRC's runlevels that a start and a halt go through, in this order. */
export type Runlevel = 'sysinit' | 'boot' | 'default' | 'shutdown';

const config = '/etc/rc.conf';

/** rc.conf(5): containers are recognised, and what mounts cgroups is our own service; what is said at boot is kept. */
const settings = {rc_sys: 'lxc', rc_controller_cgroups: 'NO', rc_logger: 'YES'};

/** Services of ours, in `files/openrc`: they do nothing where their work is done. */
const ours = {sysinit: ['cgroups-mount'], boot: ['machine-id']} as const;

/**
 * Makes OpenRC boot healthy in an unprivileged container. Getties are inittab's: the recipe brings an inittab with one
 * on the console.
 */
export function openrc({services, disable = []}: OpenrcOptions): Step {
  return step('openrc in a container', async (rootfs) => {
    const content = (await rootfs.read(config)) ?? '';
    await rootfs.write([
      ...(await commonFiles('openrc')),
      {path: config, content: withSettings(content, settings)},
      // what is the node's, and others expect to exist
      {path: '/lib/modules', directory: true},
    ]);
    // not `rc-update --all delete`, which fails for a service that is not in every runlevel
    await rootfs.remove(...disable.map((service) => `/etc/runlevels/*/${service}`));
    for (const [runlevel, names] of [...Object.entries(ours), ...Object.entries(services)]) {
      for (const name of names) await rootfs.run(['rc-update', 'add', name, runlevel]);
    }
  });
}

/** A shell-like configuration with settings at its end, in the place of earlier ones. */
export function withSettings(content: string, values: Readonly<Record<string, string>>): string {
  const kept = content
    .split('\n')
    .filter((line) => !Object.keys(values).some((name) => line.startsWith(`${name}=`)))
    .join('\n')
    .trimEnd();
  const lines = Object.entries(values).map(([name, value]) => `${name}="${value}"\n`);
  return `${kept === '' ? '' : `${kept}\n\n`}# An unprivileged container: these are the template's.\n${lines.join('')}`;
}
