import {idmapSize} from '../../host/idmap.ts';
import {expect} from '../expect/expect.ts';
import type {RunningMember} from '../member/member.ts';
import {defineScenario} from '../scenario/scenario.ts';

/** What the kernel shows for an owner outside the map (proc(5), overflowuid). */
const overflow = 65534;

/** What the kernel mounts over the tree, and owns. */
const mounted = ['/dev', '/proc', '/run', '/sys'];

export default defineScenario({
  name: 'ids',
  title: `Everything in it has an owner among ${idmapSize} ids`,
  limit: 180,

  async run(test) {
    const member = await test.shared();
    const owners = ['(', '-user', String(overflow), '-o', '-group', String(overflow), ')'];
    const notMounted = mounted.flatMap((path) => ['!', '-path', path]);
    const found = await member.rootfs.run(['find', '/', '-xdev', ...notMounted, ...owners]);
    const strays = found.split('\n').filter((path) => path !== '');
    expect(strays.length === 0, `${strays[0]} belongs to nobody, or to an id outside the map`, strays);
    await expectMap(member, 'uid_map');
    await expectMap(member, 'gid_map');
  },
});

/** user_namespaces(7): the first id inside, the first outside, and how many. */
async function expectMap(member: RunningMember, map: 'uid_map' | 'gid_map'): Promise<void> {
  const lines = (await member.run(['cat', `/proc/self/${map}`])).trim().split('\n');
  const [first, , count] = (lines[0] ?? '').trim().split(/\s+/).map(Number);
  expect(
    lines.length === 1 && first === 0 && count === idmapSize,
    `${map} is not 0 to ${idmapSize - 1}`,
    lines,
  );
}
