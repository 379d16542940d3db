import {type Machine, thisMachine} from './machine.ts';

/** Whether this machine's own apt takes indexes whose validity has run out (apt.conf(5)); no where there is no apt. */
export async function hostAcceptsExpired(machine: Machine = thisMachine): Promise<boolean> {
  if ((await machine.findCommand('apt-config')) === undefined) return false;
  const {output} = await machine.run('apt-config', ['dump', 'Acquire::Check-Valid-Until']);
  return /"(false|no|off|without|disable|0)"/i.test(output);
}
