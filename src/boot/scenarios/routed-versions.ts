import type {Generation} from '../../recipe/osctl.ts';
import type {IpVersion} from '../addresses.ts';
import {expectRouted} from '../expect-routed.ts';
import {defineScenario, type ScenarioTest} from '../scenario.ts';

export default defineScenario({
  name: 'routed-versions',
  title: 'Routed addresses of one IP version alone work, one address and several, in both generations',
  limit: 150,

  async run(test) {
    await Promise.all([
      expectAlone(test, 'v4', 'today', 1),
      expectAlone(test, 'v6', 'today', 2),
      expectAlone(test, 'v4', '2018', 2),
      expectAlone(test, 'v6', '2018', 1),
    ]);
  },
});

async function expectAlone(
  test: ScenarioTest,
  version: IpVersion,
  generation: Generation,
  count: 1 | 2,
): Promise<void> {
  const netif = test.routed('eth0', {generation, versions: [version], count});
  await expectRouted(test, await test.boot({generation, interfaces: [netif]}));
}
