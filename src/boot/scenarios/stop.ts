import {expectEqual} from '../expect/expect.ts';
import {defineScenario} from '../scenario/scenario.ts';

/** Seconds osctld waits before it kills. */
const stopLimit = 60;

export default defineScenario({
  name: 'stop',
  title: 'It stops in time, without being killed, while somebody works in it',
  limit: 300,

  async run(test) {
    const member = await test.boot();
    const working = ['sh', '-c', 'sleep 1000 >/dev/null 2>&1 </dev/null & echo $!'];
    const worker = (await member.run(working, {background: true})).trim();
    await member.run(['sh', '-c', 'kill -0 "$0"', worker]);
    expectEqual('a stop from outside', await member.stop(stopLimit), 'clean');
  },
});
