import {bootWith} from '../expect/feature.ts';
import {defineScenario} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'ppp',
  title: 'With PPP on it opens /dev/ppp; with it off it is as healthy',
  limit: 300,

  async run(test) {
    await bootWith(test, 'ppp');
  },
});
