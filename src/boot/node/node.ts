import type {Container, Enclosure, Engine, Layer, Limits, Scratch} from '../../container/engine.ts';
import type {ReleaseRecipe} from '../../recipe/distribution.ts';
import type {PackedImage} from '../image.ts';
import {cgroupsFor} from './cgroups.ts';
import {forwardPackets} from './network.ts';
import {startProbe} from './probe.ts';
import {openProxy, proxyEnvironment} from './proxy.ts';

/** A node that has unpacked an image: what members' containers run on. */
export interface BootNode extends AsyncDisposable {
  readonly enclosure: Enclosure;
  /** The image's root filesystem, the topmost layer first. */
  readonly layers: readonly Layer[];
  readonly initCommand: readonly string[];
  readonly recipe: ReleaseRecipe;
  readonly image: Pick<PackedImage, 'distribution' | 'version' | 'hooks'>;
  /** What each member's container may use at most; the usual where it is not said. */
  readonly limits?: Limits | undefined;
  /** Gives the numbers that members' addresses come from. */
  nextIndex(): number;
  /** Gives names for the node's ends of veths. */
  nextPeer(): string;
}

/** A node with the outside world. */
export interface TestNode extends BootNode {
  /** Runs, and has a network. */
  readonly probe: Container;
  /** What members need to try nesting: the layers of `builders/nest`, the topmost first; none unless given. */
  readonly nest: readonly Layer[];
  /** Whether it can be an older node as well, with cgroup v1's hierarchies. */
  readonly hybrid: boolean;
  /** Whether members take signed indexes whose validity has run out. */
  readonly acceptExpired: boolean;
  /** Opens the way to the packages' mirrors, once: the environment that leads members there. */
  mirrors(): Promise<Readonly<Record<string, string>>>;
}

export interface TestNodeOptions extends NodeOptions {
  /** Stays when this process ends, unless it is disposed of before. */
  readonly lasting?: boolean;
  /** Addresses of the mirrors that members may reach. */
  readonly mirrors?: readonly string[];
  /** The layers of `builders/nest`, the topmost first. */
  readonly nest?: readonly Layer[] | undefined;
  /** Members take signed indexes whose validity has run out; they do not unless given. */
  readonly acceptExpired?: boolean;
  /** What each member's container may use at most. */
  readonly limits?: Limits | undefined;
}

export interface NodeOptions {
  readonly engine: Engine;
  /** Part of the containers' names: `debian-13`. */
  readonly title: string;
  /** Where the image is unpacked and the containers write. */
  readonly scratch: Scratch;
  readonly log: (line: string) => void;
  readonly signal?: AbortSignal | undefined;
}

/** Opens a node for tests; it ends with everything on it when it is disposed of. */
export async function openTestNode(
  image: PackedImage,
  recipe: ReleaseRecipe,
  probe: readonly Layer[],
  options: TestNodeOptions,
): Promise<TestNode> {
  const {engine, lasting = false, mirrors = [], nest = [], acceptExpired = false, limits, ...spec} = options;
  const hybrid = await engine.offersCgroupsV1();
  const enclosure = await engine.open({
    ...spec,
    purpose: 'test',
    detached: lasting,
    network: 'own',
    cgroups: cgroupsFor(recipe.release),
  });
  return settingUp(enclosure, async () => {
    const [node, started] = await Promise.all([
      bootNode(enclosure, image, recipe),
      startProbe(enclosure, probe),
    ]);
    let proxy: Promise<AsyncDisposable> | undefined;
    return {
      ...node,
      limits,
      probe: started,
      nest,
      hybrid,
      acceptExpired,
      async mirrors() {
        proxy ??= openProxy(enclosure, mirrors);
        await proxy;
        return proxyEnvironment;
      },
      async [Symbol.asyncDispose]() {
        await (await proxy)?.[Symbol.asyncDispose]();
        await node[Symbol.asyncDispose]();
      },
    };
  });
}

/** Opens a node that stays when this process ends. */
export async function openLastingNode(
  image: PackedImage,
  recipe: ReleaseRecipe,
  options: NodeOptions,
): Promise<BootNode> {
  const {engine, ...spec} = options;
  const enclosure = await engine.open({
    ...spec,
    purpose: 'instance',
    network: 'own',
    detached: true,
    cgroups: cgroupsFor(recipe.release),
  });
  return settingUp(enclosure, () => bootNode(enclosure, image, recipe));
}

async function bootNode(enclosure: Enclosure, image: PackedImage, recipe: ReleaseRecipe): Promise<BootNode> {
  await forwardPackets(enclosure);
  let index = 0;
  let peer = 0;
  return {
    enclosure,
    layers: [await enclosure.unpack('image', image.rootfs(), {gzip: true})],
    initCommand: image.init,
    recipe,
    image,
    nextIndex: () => ++index,
    nextPeer: () => `veth-${++peer}`,
    [Symbol.asyncDispose]: () => enclosure[Symbol.asyncDispose](),
  };
}

/** Ends the enclosure when what should be set up in it cannot be. */
async function settingUp<T>(enclosure: Enclosure, setUp: () => Promise<T>): Promise<T> {
  try {
    return await setUp();
  } catch (error) {
    await enclosure[Symbol.asyncDispose]();
    throw error;
  }
}
