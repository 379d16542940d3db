import type {RunningMember} from '../member/member.ts';
import {expect} from './expect.ts';

/** That nothing failed to start in a boot that ended in a state. */
export async function expectHealthy(member: RunningMember, state: string): Promise<void> {
  const {name, healthy} = member.init();
  const failures = await member.failures();
  const units = failures.map((line) => line.trim().split(/\s+/)[0]).join(', ');
  expect(failures.length === 0, `${name} says ${state}; failed: ${units}`, failures);
  expect(state === healthy, `${name} says ${state}, not ${healthy}`);
}
