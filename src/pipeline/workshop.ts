import {join} from 'node:path';
import {toolsContainer} from '../builder/rootfs.ts';
import {
  type Container,
  type Enclosure,
  type Layer,
  type Limits,
  loginShell,
  type SharedFolder,
} from '../container/engine.ts';
import {inEnclosure} from '../container/namespaces.ts';
import type {CommandOptions} from '../host/command.ts';
import {idmapSize, readIdmap} from '../host/idmap.ts';
import {type Proxies, proxyVariables} from '../host/proxies.ts';
import type {Rootfs} from '../recipe/rootfs.ts';
import type {BuildContainer} from '../recipe/step.ts';
import {systemMounts} from '../rootfs/system-mounts.ts';
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
${systemMounts} &&
mount -t tmpfs -o mode=755 run run && mount -t tmpfs -o mode=1777 tmp tmp &&
exec chroot . "$@"
`;

export interface WorkshopOptions {
  readonly layers: readonly Layer[];
  /** Unix seconds; the time of the files that steps write. */
  readonly epoch: number;
  readonly limits: Limits;
  /** Where what is downloaded goes through; the packing container has none. */
  readonly proxies?: Proxies | undefined;
  readonly log: (line: string) => void;
  /** The signal of the step that is running. */
  readonly signal: () => AbortSignal | undefined;
}

/** A build container with an empty tree in it. */
export interface Workshop {
  readonly container: BuildContainer;
  readonly rootfs: Rootfs;
  /**
   * Ends the build container for good, and gives another one with the same tree, in which no program of the tree has
   * ever run: what packs and inspects the tree is the builder's own. Once only.
   */
  openPacking(): Promise<Packing>;
  /** The tree's shell, on a person's terminal. */
  attach(): Promise<number>;
}

/** A container of the builder's own tools, with a tree that nothing changes any more. */
export interface Packing {
  readonly tree: string;
  /** A file beside the tree. */
  file(name: string): string;
  /** A command of the builder. */
  run(argv: readonly string[], options?: CommandOptions): Promise<string>;
  /** Paths in the tree whose owner or group is not mapped in the container, which only this machine can tell. */
  strangers(): Promise<string[]>;
}

export async function openWorkshop(enclosure: Enclosure, options: WorkshopOptions): Promise<Workshop> {
  const open = async (
    role: string,
    folders: readonly SharedFolder[],
    variables?: Readonly<Record<string, string>>,
  ): Promise<Container> => {
    const {layers, limits} = options;
    const tools = {...toolsContainer, exclusive: true};
    const opened = await enclosure.container({role, layers, limits, folders, variables, ...tools});
    await opened.start();
    return opened;
  };
  const container = await open('build', [{name: 'tree', path: tree}], proxyVariables(options.proxies));
  const inTree = (argv: readonly string[]) => ['unshare', '--mount', 'sh', '-c', enter, tree, ...argv];
  const bare = (argv: readonly string[]) => ['chroot', tree, ...argv];
  const standard = () => ({signal: options.signal(), log: options.log});
  const telling = (onLine?: (line: string) => void) => (line: string) => {
    onLine?.(line);
    options.log(line);
  };
  const command =
    (wrap: typeof bare): Chroot =>
    (argv, {onLine, ...rest} = {}) =>
      container.try(wrap(argv), {...standard(), title: argv[0], ...rest, log: telling(onLine)});

  return {
    container: {
      tree,
      run: (argv, {onLine, ...rest} = {}) =>
        container.run(argv, {...rest, signal: options.signal(), log: telling(onLine)}),
    },
    rootfs: treeOf(command(inTree), () => options.epoch, command(bare)),
    async openPacking() {
      await container.kill();
      const packer = await open('pack', [
        {name: 'tree', path: tree, of: 'build'},
        {name: 'files', path: packing},
      ]);
      return {
        tree,
        file: (name) => join(packing, name),
        run: (argv, rest) => packer.run(argv, {...standard(), ...rest}),
        async strangers() {
          const {uid, gid} = await readIdmap();
          const outside = (what: string, first: number) => [
            `-${what}`,
            `-${first}`,
            '-o',
            `-${what}`,
            `+${first + idmapSize - 1}`,
          ];
          const where = [...outside('uid', uid), '-o', ...outside('gid', gid)];
          // find(1) looks at names and owners, and follows no link
          const find = ['find', '-P', `${inEnclosure.scratch}/build/tree`, '-xdev', '(', ...where, ')'];
          const found = await enclosure.run([...find, '-printf', '/%P\\0'], {quiet: true});
          return found.split('\0').filter((path) => path !== '');
        },
      };
    },
    attach: () => container.attach(inTree(loginShell)),
  };
}
