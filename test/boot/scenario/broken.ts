import {Readable} from 'node:stream';
import type {TestNode} from '../../../src/boot/node/node.ts';
import {gnuTar} from '../../../src/image/gnu-tar.ts';
import type {FileEntry} from '../../../src/recipe/rootfs.ts';

/** The node with something put over the image: a template with that mistake. */
export async function withMistake(
  node: TestNode,
  name: string,
  entries: readonly FileEntry[],
): Promise<TestNode> {
  const layer = await node.enclosure.unpack(name, Readable.from([gnuTar(entries, 1_790_000_000)]));
  return {...node, layers: [layer, ...node.layers]};
}

export function masked(unit: string): FileEntry[] {
  return [{path: `/etc/systemd/system/${unit}`, target: '/dev/null'}];
}

/** A service that runs a shell command at boot. */
export function service(name: string, shell: string): FileEntry[] {
  return unit(name, ['Type=oneshot', `ExecStart=/bin/sh -c '${shell}'`]);
}

/** A unit that is started at boot. */
export function unit(name: string, lines: readonly string[]): FileEntry[] {
  const content = `${['[Service]', ...lines, '[Install]', 'WantedBy=multi-user.target'].join('\n')}\n`;
  const path = `/etc/systemd/system/${name}`;
  return [
    {path, content},
    {path: `/etc/systemd/system/multi-user.target.wants/${name}`, target: path},
  ];
}

/** Another setting of a service. */
export function dropIn(name: string, line: string): FileEntry[] {
  return [{path: `/etc/systemd/system/${name}.d/broken.conf`, content: `[Service]\n${line}\n`}];
}
