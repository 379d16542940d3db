import {join} from 'node:path';
import {toolsInit} from '../builder/rootfs.ts';
import {type Container, type Enclosure, type Layer, type Limits, loginShell} from '../container/engine.ts';
import type {CommandOptions} from '../host/command.ts';
import type {Rootfs} from '../recipe/rootfs.ts';
import type {BuildContainer} from '../recipe/step.ts';
import {type Chroot, treeOf} from '../rootfs/tree.ts';

/** Paths in the build container; the tree's is one that is found nowhere else, so that its traces can be. */
const tree = '/srv/osctl-template-tree';
const packing = '/srv/osctl-template-pack';

/**
 * Enters the tree with what programs expect to find: devices, processes, empty /run and /tmp. The mounts are in a
 * namespace of each command's own, so that nothing has to be unmounted and nothing of them is packed.
 */
const enter = `
cd "$0" &&
mount --rbind /dev dev && mount -t proc proc proc && mount --rbind /sys sys &&
mount -t tmpfs -o mode=755 run run && mount -t tmpfs -o mode=1777 tmp tmp &&
exec chroot . "$@"
`;

export interface WorkshopOptions {
  readonly layers: readonly Layer[];
  /** Unix seconds; the time of the files that steps write. */
  readonly epoch: number;
  readonly limits: Limits;
  readonly log: (line: string) => void;
  /** The signal of the step that is running. */
  readonly signal: () => AbortSignal | undefined;
}

/** A build container with an empty tree in it. */
export interface Workshop {
  readonly container: BuildContainer;
  readonly rootfs: Rootfs;
  /** A file of the container's scratch, beside the tree. */
  packed(name: string): string;
  /** The tree's shell, on a person's terminal. */
  attach(): Promise<number>;
  /** A command of the builder whose output goes to a sink. */
  run(argv: readonly string[], options?: CommandOptions): Promise<string>;
}

export async function openWorkshop(enclosure: Enclosure, options: WorkshopOptions): Promise<Workshop> {
  const container: Container = await enclosure.container({
    role: 'build',
    layers: options.layers,
    veths: 'none',
    init: toolsInit,
    profile: 'tools',
    exclusive: true,
    limits: options.limits,
    folders: [
      {name: 'tree', path: tree},
      {name: 'pack', path: packing},
    ],
  });
  await container.start();
  const inTree = (argv: readonly string[]) => ['unshare', '--mount', 'sh', '-c', enter, tree, ...argv];
  const bare = (argv: readonly string[]) => ['chroot', tree, ...argv];
  const standard = () => ({signal: options.signal(), log: options.log});
  const command =
    (wrap: typeof bare): Chroot =>
    (argv, rest) =>
      container.try(wrap(argv), {...standard(), title: argv[0], ...rest});

  return {
    container: {
      tree,
      run: (argv, {onLine, ...rest} = {}) => {
        const log = (line: string) => {
          onLine?.(line);
          options.log(line);
        };
        return container.run(argv, {...rest, signal: options.signal(), log});
      },
    },
    rootfs: treeOf(command(inTree), () => options.epoch, command(bare)),
    packed: (name) => join(packing, name),
    attach: () => container.attach(inTree(loginShell)),
    run: (argv, rest) => container.run(argv, {...standard(), ...rest}),
  };
}
