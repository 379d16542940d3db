import {expectHealthy} from '../expect/healthy.ts';
import {expectRouted} from '../expect/routed.ts';
import {defineScenario, notChecked} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'reboot',
  title: 'A reboot from inside ends in a healthy container with its network',
  limit: 360,

  async run(test) {
    const member = await test.boot();
    if (!(await member.rootfs.succeeds(['sh', '-c', 'command -v reboot'])))
      notChecked('it has no reboot command');
    await expectHealthy(member, await member.reboot());
    await expectRouted(test, member);
  },
});
