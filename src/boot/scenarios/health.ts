import {Failure} from '../../failure.ts';
import {expect} from '../expect/expect.ts';
import {expectHealthy} from '../expect/healthy.ts';
import {type Idle, watchIdle} from '../member/idle.ts';
import type {Member} from '../member/member.ts';
import {defineScenario} from '../scenario/scenario.ts';

/** Processes that may be started in two idle seconds: what something waits a second for, and starts again, needs more. */
const mostStarted = 1;

export default defineScenario({
  name: 'health',
  title: 'Everything that starts at boot starts, once, and the journal has no errors',
  limit: 240,

  async run(test) {
    const member = await test.member();
    await expectHealthy(member, await member.start());
    const problems = await member.init().problems(member.ask);
    expect(problems.length === 0, `its journal has errors: ${problems[0]}`, problems);
    const {measured} = await test.waitFor('its processes to come to rest', () => rest(member), 20);
    test.measured(measured);
  },
});

async function rest(member: Member): Promise<Idle> {
  const idle = await watchIdle(member);
  if (idle.started <= mostStarted) return idle;
  throw new Failure(`${idle.started} were started in two seconds`, {
    lastLines: ['those that there are:', ...idle.processes],
  });
}
