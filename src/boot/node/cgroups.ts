import type {Engine} from '../../container/engine.ts';
import type {Release} from '../../recipe/release.ts';

/** Why a release's init cannot boot on this machine; undefined when it can. */
export async function bootObstacle(
  engine: Pick<Engine, 'offersCgroupsV1'>,
  {cgroups}: Pick<Release, 'cgroups'>,
): Promise<string | undefined> {
  if (cgroups !== 'v1' || (await engine.offersCgroupsV1())) return undefined;
  return 'its init needs cgroup v1, and this machine has only v2';
}

/** The hierarchies a release's containers get: v2 wherever its init accepts it, as today's nodes do. */
export function cgroupsFor({cgroups}: Pick<Release, 'cgroups'>): 'v1' | 'v2' {
  return cgroups === 'v1' ? 'v1' : 'v2';
}
