import {expectChildGroup, hierarchies} from '../expect/cgroups.ts';
import {expectEqual} from '../expect/expect.ts';
import {defineScenario, notApplicable} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'cgroups',
  title: 'It has the unified cgroup hierarchy, and can make groups in it',
  limit: 180,

  async run(test) {
    if (test.recipe.release.cgroups === 'v1') notApplicable('its init needs cgroup v1');
    const member = await test.shared();
    const mounted = await hierarchies(member);
    expectEqual('the hierarchy on /sys/fs/cgroup', mounted.get('/sys/fs/cgroup') ?? 'none', 'cgroup2');
    await expectChildGroup(member, '/sys/fs/cgroup');
  },
});
