import {expect} from '../expect.ts';
import {defineScenario} from '../scenario.ts';

export default defineScenario({
  name: 'health',
  title: 'Everything that starts at boot starts',
  limit: 120,

  async run(test) {
    const member = await test.member();
    const state = await member.start();
    const {name, healthy} = member.init();
    const failures = await member.failures();
    const units = failures.map((line) => line.trim().split(/\s+/)[0]).join(', ');
    expect(failures.length === 0, `${name} says ${state}; failed: ${units}`, failures);
    expect(state === healthy, `${name} says ${state}, not ${healthy}`);
  },
});
