import type {OsctlSupport} from '../recipe/osctl.ts';
import type {Rootfs} from '../recipe/rootfs.ts';
import {type Step, step} from '../recipe/step.ts';
import {templateHosts} from './hosts.ts';

/** The steps of the integrate stage: what every template brings for osctl, and what its backends need. */
export function integration(osctl: OsctlSupport): Step[] {
  return [
    step('hosts and resolver', async (rootfs) => {
      await rootfs.write([
        {path: '/etc/hosts', content: templateHosts},
        {path: '/etc/resolv.conf', content: ''},
      ]);
    }),
    ...osctl.network.prepare,
  ];
}

/** What osctld would find missing in a tree; empty when it can set hostname, DNS and network. */
export async function osctlProblems(osctl: OsctlSupport, rootfs: Rootfs): Promise<string[]> {
  const hosts = ((await rootfs.read('/etc/hosts')) ?? '').split('\n');
  const missing = ['127.0.0.1', '::1'].filter(
    (address) => !hosts.some((line) => line.split(/\s+/)[0] === address),
  );
  const backends = await Promise.all([osctl.hostname.problems(rootfs), osctl.network.problems(rootfs)]);
  return [...missing.map((address) => `/etc/hosts has no line for ${address}`), ...backends.flat()];
}
