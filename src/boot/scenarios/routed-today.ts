import {expectRouted} from '../expect/routed.ts';
import {defineScenario} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'routed-today',
  title: "Routed addresses work both ways without an interconnecting network, as today's osctl has it",
  limit: 240,

  async run(test) {
    await expectRouted(test, await test.shared());
  },
});
