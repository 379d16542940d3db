import {Readable} from 'node:stream';
import type {TestNode} from '../../src/boot/node.ts';
import {ustar} from '../../src/image/ustar.ts';
import type {FileEntry} from '../../src/recipe/rootfs.ts';

/** The node with something put over the image: a template with that mistake. */
export async function withMistake(
  node: TestNode,
  name: string,
  entries: readonly FileEntry[],
): Promise<TestNode> {
  const layer = await node.enclosure.unpack(name, Readable.from([ustar(entries, 1_790_000_000)]));
  return {...node, layers: [layer, ...node.layers]};
}

export function masked(unit: string): FileEntry[] {
  return [{path: `/etc/systemd/system/${unit}`, target: '/dev/null'}];
}

/** A service that runs a shell command at boot. */
export function service(unit: string, shell: string): FileEntry[] {
  const lines = [
    '[Service]',
    'Type=oneshot',
    `ExecStart=/bin/sh -c '${shell}'`,
    '[Install]',
    'WantedBy=multi-user.target',
  ];
  return [
    {path: `/etc/systemd/system/${unit}`, content: `${lines.join('\n')}\n`},
    {
      path: `/etc/systemd/system/multi-user.target.wants/${unit}`,
      target: `/etc/systemd/system/${unit}`,
    },
  ];
}
