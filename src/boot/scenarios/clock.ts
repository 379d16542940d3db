import {expect, expectEqual} from '../expect/expect.ts';
import {installKey, reachable} from '../expect/ssh.ts';
import type {RunningMember} from '../member/member.ts';
import {defineScenario} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'clock',
  title:
    'The clock has the time zone that the recipe says, UTC unless it says any, and a login has a UTF-8 locale',
  limit: 180,

  async run(test) {
    const member = await test.shared();
    await expectTimeZone(member, test.recipe.timeZone ?? 'UTC');
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

/** Its offset from UTC in winter and in summer, as date(1) and this program's own database of zones have it. */
async function expectTimeZone(member: RunningMember, timeZone: string): Promise<void> {
  const year = new Date().getUTCFullYear();
  for (const month of [0, 6]) {
    const time = new Date(Date.UTC(year, month, 1));
    const seen = await member.run(['date', '-d', `@${time.getTime() / 1000}`, '+%z']);
    expectEqual(
      `the offset of ${timeZone} on ${time.toISOString().slice(0, 10)}`,
      seen.trim(),
      offsetOf(timeZone, time),
    );
  }
}

/** As date(1) writes it: `+0200`. */
function offsetOf(timeZone: string, time: Date): string {
  const format = new Intl.DateTimeFormat('en', {timeZone, timeZoneName: 'longOffset'});
  const name = format.formatToParts(time).find(({type}) => type === 'timeZoneName')?.value ?? '';
  const offset = name.replace(/^GMT|:/g, '');
  return offset === '' ? '+0000' : offset;
}
