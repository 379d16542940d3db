import {bootWith} from '../expect/feature.ts';
import {defineScenario} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'tun',
  title: 'With TUN/TAP on it makes a tun interface that comes up; with it off it is as healthy',
  limit: 300,

  async run(test) {
    const member = await bootWith(test, 'tun');
    await member.run(['ip', 'tuntap', 'add', 'dev', 'tun9', 'mode', 'tun']);
    await member.run(['ip', 'addr', 'add', '198.51.100.254/31', 'dev', 'tun9']);
    await member.run(['ip', 'link', 'set', 'tun9', 'up']);
  },
});
