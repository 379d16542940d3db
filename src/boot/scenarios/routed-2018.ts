import {expectRouted} from '../expect/routed.ts';
import {defineScenario} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'routed-2018',
  title: 'Routed addresses work both ways over an interconnecting network, as the osctl of 2018 had it',
  limit: 240,

  async run(test) {
    await expectRouted(test, await test.boot({generation: '2018'}));
  },
});
