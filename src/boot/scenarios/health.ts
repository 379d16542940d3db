import {expect} from '../expect.ts';
import {expectHealthy} from '../expect-healthy.ts';
import {measureIdle} from '../idle.ts';
import {defineScenario} from '../scenario.ts';

export default defineScenario({
  name: 'health',
  title: 'Everything that starts at boot starts, once, and the journal has no errors',
  limit: 120,

  async run(test) {
    const member = await test.member();
    await expectHealthy(member, await member.start());
    const problems = await member.init().problems(member.ask);
    expect(problems.length === 0, `its journal has errors: ${problems[0]}`, problems);
    test.measured(await measureIdle(member));
  },
});
