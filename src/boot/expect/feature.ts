import {deviceOf, type Feature} from '../../container/features.ts';
import type {Member, MemberOptions} from '../member/member.ts';
import {notChecked, type ScenarioTest} from '../scenario/scenario.ts';
import {expect} from './expect.ts';
import {expectHealthy} from './healthy.ts';

/**
 * A healthy container with a feature, while one without it is healthy and has no such device. Ends the scenario as
 * not checked where this machine's kernel does not have the device.
 */
export async function bootWith(
  test: ScenarioTest,
  feature: Feature,
  options: MemberOptions = {},
): Promise<Member> {
  const withheld = test.withholds(feature);
  if (withheld !== undefined) notChecked(withheld);
  const device = deviceOf[feature];
  const path = `/dev/${device?.path ?? ''}`;
  const without = await test.shared();
  await expectHealthy(without, (await without.init().settled(without.ask)) ?? 'nothing');
  if (device !== undefined)
    expect(
      !(await without.rootfs.succeeds(['test', '-e', path])),
      `${path} is there, though ${feature} is off`,
    );
  const member = await test.member(options);
  await member.setFeatures([feature]);
  await expectHealthy(member, await member.start());
  if (device === undefined) return member;
  if (!(await opens(member, path))) {
    if (!(await test.nodeHas(`/dev/${device.path}`))) notChecked(`this machine's kernel has no ${path}`);
    expect(false, `${path} cannot be opened, though ${feature} is on`);
  }
  return member;
}

function opens(member: Member, path: string): Promise<boolean> {
  return member.rootfs.succeeds(['sh', '-c', 'exec 3<"$0"', path]);
}
