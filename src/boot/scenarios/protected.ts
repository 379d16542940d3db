import {expectEqual} from '../expect/expect.ts';
import {defineScenario} from '../scenario/scenario.ts';

const own = '# mine\n';

export default defineScenario({
  name: 'protected',
  title:
    'A file of the hostname or the resolvers that its owner may not write to stays as the member left it',
  limit: 240,

  async run(test) {
    const {unsupported, files} = test.recipe.osctl.hostname;
    const hostname = 'vps.example.org';
    const member = await test.member({hostname, resolvers: ['203.0.113.53']});
    const names = unsupported === undefined ? await files(hostname, member.rootfs) : [];
    const paths = [...names.map(({path}) => path), '/etc/resolv.conf'];
    await member.rootfs.write(paths.map((path) => ({path, content: own, mode: 0o444})));
    await member.start();
    for (const path of paths) expectEqual(path, (await member.rootfs.read(path)) ?? '', own);
    await member.setResolvers(['203.0.113.54']);
    expectEqual(
      '/etc/resolv.conf, after a change',
      (await member.rootfs.read('/etc/resolv.conf')) ?? '',
      own,
    );
  },
});
