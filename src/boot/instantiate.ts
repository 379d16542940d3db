import {Failure} from '../failure.ts';
import type {Build} from '../image/manifest.ts';
import {type Distribution, forRelease} from '../recipe/distribution.ts';
import type {NetworkInterface} from '../recipe/osctl.ts';
import {openImage} from './image.ts';
import {createMember} from './member/emulated-member.ts';
import type {MemberOptions} from './member/member.ts';
import {bootObstacle} from './node/cgroups.ts';
import {type NodeOptions, openLastingNode} from './node/node.ts';

export interface InstantiateOptions extends NodeOptions, MemberOptions {}

/** A container that runs until it is removed by its name. */
export interface Instance {
  /** As `ct ls` shows it. */
  readonly name: string;
  /** The state its boot ended in, in its init system's word. */
  readonly state: string;
  readonly interfaces: readonly NetworkInterface[];
}

/**
 * Boots a build's packed image in a container that stays when this process ends, to look around in: with a
 * hostname, and a network that leads nowhere else. Its scratch must be on disk to outlive a long look.
 */
export async function instantiate(
  build: Build,
  distribution: Distribution,
  options: InstantiateOptions,
): Promise<Instance> {
  const {signal, log} = options;
  const image = await openImage(build);
  const recipe = forRelease(distribution, build.manifest.release);
  const obstacle = await bootObstacle(options.engine, recipe.release);
  if (obstacle !== undefined) {
    throw new Failure(`${build.manifest.id} cannot be booted here: ${obstacle}`, {
      kind: 'machine',
      remedy: 'Boot this machine with systemd.unified_cgroup_hierarchy=0 on its kernel command line.',
    });
  }
  const node = await openLastingNode(image, recipe, options);
  try {
    const source = {node, role: 'system', signal, log};
    const member = await createMember(source, {hostname: options.title, ...options});
    const state = await member.start();
    return {name: node.enclosure.name, state, interfaces: member.interfaces()};
  } catch (error) {
    await node[Symbol.asyncDispose]();
    throw error;
  }
}
