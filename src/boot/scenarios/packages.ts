import {expect} from '../expect.ts';
import {defineScenario} from '../scenario.ts';

export default defineScenario({
  name: 'packages',
  title: 'The package manager lists what is installed',
  limit: 90,

  async run(test) {
    const member = await test.boot();
    const packages = await test.recipe.packages(member.rootfs);
    expect(packages.length > 0, 'the list of packages is empty');
  },
});
