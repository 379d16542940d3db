import {expect, expectEqual} from '../expect/expect.ts';
import {expectHealthy} from '../expect/healthy.ts';
import {defineScenario} from '../scenario/scenario.ts';

const cycles = 10;

export default defineScenario({
  name: 'cycles',
  title: `It starts and stops ${cycles} times, and is as healthy each time`,
  limit: 480,

  async run(test) {
    const member = await test.member();
    const problems: (readonly string[])[] = [];
    for (let cycle = 0; cycle < cycles; cycle++) {
      await expectHealthy(member, await member.start());
      problems.push(await member.init().problems(member.ask));
      expectEqual(`stop number ${cycle + 1}`, await member.stop(60), 'clean');
    }
    const [first = []] = problems;
    const grown = problems.find((lines) => lines.length > first.length);
    expect(
      grown === undefined,
      `a boot has ${grown?.length} lines of errors, and the first had ${first.length}`,
      grown,
    );
  },
});
