import {bootWith} from '../expect/feature.ts';
import {defineScenario} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'kvm',
  title: 'With KVM on it opens /dev/kvm; with it off it is as healthy',
  limit: 300,

  async run(test) {
    await bootWith(test, 'kvm');
  },
});
