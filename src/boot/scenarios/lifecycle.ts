import {expectEqual} from '../expect/expect.ts';
import {defineScenario, notChecked} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'lifecycle',
  title: 'It starts, stops without being killed, starts again, and halts from inside',
  limit: 360,

  async run(test) {
    const member = await test.boot();
    expectEqual('a stop from outside', await member.stop(60), 'clean');
    await member.start();
    const poweroff = await member.rootfs.succeeds(['sh', '-c', 'command -v poweroff']);
    if (!poweroff) notChecked('it has no poweroff command');
    await member.rootfs.succeeds(['poweroff']);
    expectEqual('a halt from inside', (await member.ended(60)) ? 'clean' : 'still running', 'clean');
  },
});
