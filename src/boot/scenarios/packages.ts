import {expect} from '../expect/expect.ts';
import {expectRouted} from '../expect/routed.ts';
import type {Member} from '../member/member.ts';
import {defineScenario, notChecked} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'packages',
  title: 'The package manager lists what is installed, installs a package from its mirror, and removes it',
  limit: 300,

  async run(test) {
    const member = await test.boot();
    const packages = await test.recipe.listPackages(member.rootfs);
    expect(packages.length > 0, 'the list of packages is empty');
    const trial = test.recipe.trial(test.acceptExpired);
    if (trial === undefined) return notChecked('the recipe names no package to try');
    expect(!(await has(member, trial.brings)), `${trial.brings} is there before ${trial.name} is installed`);
    await expectRouted(test, member);
    const env = await test.mirrors();
    for (const command of trial.install) await member.run(command, {env});
    expect(
      await has(member, trial.brings),
      `${trial.brings} is not there, though ${trial.name} was installed`,
    );
    await member.run(trial.remove, {env});
    expect(!(await has(member, trial.brings)), `${trial.brings} is there, though ${trial.name} was removed`);
  },
});

function has({rootfs}: Member, command: string): Promise<boolean> {
  return rootfs.succeeds(['sh', '-c', 'command -v "$0"', command]);
}
