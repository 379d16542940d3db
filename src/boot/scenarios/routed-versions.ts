import type {Generation} from '../../recipe/osctl.ts';
import {expectRouted} from '../expect/routed.ts';
import type {IpVersion} from '../node/addresses.ts';
import {defineScenario, type ScenarioTest} from '../scenario/scenario.ts';

/** IP version, generation, and how many addresses. */
const alone = [
  ['v4', 'today', 1],
  ['v6', 'today', 2],
  ['v4', '2018', 2],
  ['v6', '2018', 1],
] as const;

export default defineScenario({
  name: 'routed-versions',
  title: 'Routed addresses of one IP version alone work, one address and several, in each generation',
  limit: 300,

  async run(test) {
    const chosen = alone.filter(([, generation]) => test.generations.includes(generation));
    await Promise.all(
      chosen.map(([version, generation, count]) => expectAlone(test, version, generation, count)),
    );
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
