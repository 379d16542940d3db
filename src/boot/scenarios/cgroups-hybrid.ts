import {expectChildGroup, hierarchies} from '../expect/cgroups.ts';
import {expect} from '../expect/expect.ts';
import {expectHealthy} from '../expect/healthy.ts';
import {byHooks, defineScenario, notApplicable, notChecked, type ScenarioTest} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'cgroups-hybrid',
  title: 'It boots in the hybrid cgroup layout of older nodes, and can make groups in it',
  limit: 240,

  async run(test) {
    if (byHooks(test)) notChecked('the test runs script hooks on nodes of the unified layout only');
    if (test.recipe.release.cgroups === 'v2') notApplicable('its init needs cgroup v2');
    if (!test.hybrid) notChecked('this machine has only cgroup v2');
    const member = await test.member({hybrid: {initArguments: await initArguments(test)}});
    const state = await member.start();
    const mounted = await hierarchies(member);
    const [own] = [...mounted].flatMap(([path, type]) => (type === 'cgroup' ? [path] : []));
    if (own !== undefined) await expectChildGroup(member, own);
    await expectHealthy(member, state);
    if (own !== undefined) return;
    const {name} = member.init();
    expect(name !== 'systemd', 'it has no hierarchy of cgroup v1');
    notApplicable(`it is healthy, and its ${name} mounts no hierarchy of cgroup v1`);
  },
});

/** What older nodes give init: systemd takes v1's hierarchies only when asked to, wherever it knows v2. */
async function initArguments(test: ScenarioTest): Promise<string[]> {
  if (test.recipe.release.cgroups === 'v1') return [];
  const {name} = (await test.shared()).init();
  return name === 'systemd' ? ['systemd.unified_cgroup_hierarchy=0'] : [];
}
