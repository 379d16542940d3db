import {expectHealthy} from '../expect-healthy.ts';
import {defineScenario} from '../scenario.ts';

export default defineScenario({
  name: 'health',
  title: 'Everything that starts at boot starts',
  limit: 120,

  async run(test) {
    const member = await test.member();
    await expectHealthy(member, await member.start());
  },
});
