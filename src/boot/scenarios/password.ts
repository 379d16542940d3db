import {expectRefused, expectWelcome, reachable} from '../expect/ssh.ts';
import {defineScenario, type ScenarioTest} from '../scenario/scenario.ts';

export default defineScenario({
  name: 'password',
  title: 'No password opens the container until one is set, stopped or running, and then only that one',
  limit: 480,

  async run(test) {
    await Promise.all([setWhileRunning(test), setWhileStopped(test)]);
  },
});

async function setWhileRunning(test: ScenarioTest): Promise<void> {
  const member = await test.boot();
  const [address = ''] = await reachable(test, member);
  await expectRefused(test, address, {password: 'secret-unset'}, 'a password before one is set');
  await member.setPassword('secret-running');
  await expectOnly(test, address, 'secret-running', 'the password set while running');
}

async function setWhileStopped(test: ScenarioTest): Promise<void> {
  const member = await test.member();
  await member.setPassword('secret-stopped');
  await member.start();
  const [address = ''] = await reachable(test, member);
  await expectOnly(test, address, 'secret-stopped', 'the password set while stopped');
}

async function expectOnly(
  test: ScenarioTest,
  address: string,
  password: string,
  what: string,
): Promise<void> {
  await Promise.all([
    expectWelcome(test, address, {password}, what),
    expectRefused(test, address, {password: 'secret-wrong'}, 'a wrong password'),
  ]);
}
