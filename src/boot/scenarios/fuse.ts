import {expectEqual} from '../expect/expect.ts';
import {bootWith} from '../expect/feature.ts';
import {defineScenario, notChecked} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'fuse',
  title: 'With FUSE on it mounts a squashfs by squashfuse; with it off it is as healthy',
  limit: 300,

  async run(test) {
    const member = await bootWith(test, 'fuse');
    if (!(await member.rootfs.succeeds(['sh', '-c', 'command -v squashfuse'])))
      notChecked('it has no squashfuse');
    const image = Buffer.from(await test.probe.squashfs('greeting', 'welcome'), 'base64');
    await member.rootfs.write([
      {path: '/root/image.squashfs', content: image},
      {path: '/root/mounted', directory: true},
    ]);
    await member.run(['squashfuse', '/root/image.squashfs', '/root/mounted'], {background: true});
    expectEqual(
      'a file in the squashfs',
      (await member.run(['cat', '/root/mounted/greeting'])).trim(),
      'welcome',
    );
    await member.run(['umount', '/root/mounted']);
  },
});
