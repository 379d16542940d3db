import {expect, expectEqual} from '../expect.ts';
import {installKey, reachable} from '../expect-ssh.ts';
import {defineScenario} from '../scenario.ts';

export default defineScenario({
  name: 'clock',
  title: 'The time is UTC, and a login has a UTF-8 locale',
  limit: 90,

  async run(test) {
    const member = await test.shared();
    expectEqual('the time zone', (await member.run(['date', '+%Z'])).trim(), 'UTC');
    const key = await test.probe.newKey();
    await installKey(member, key);
    const [address = ''] = await reachable(test, member);
    const {stdout, lastLines} = await test.probe.ssh(address, {key}, 'sh -lc env');
    const variables = stdout.split('\n');
    const locale = ['LC_ALL', 'LC_CTYPE', 'LANG', 'CHARSET'].flatMap(
      (name) => variables.find((line) => line.startsWith(`${name}=`)) ?? [],
    )[0];
    expect(
      /UTF-?8$/i.test(locale ?? ''),
      `a login has ${locale ?? 'no locale'}, not one of UTF-8`,
      lastLines,
    );
  },
});
