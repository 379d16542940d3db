import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {Failure} from '../failure.ts';
import {ownCommand} from '../invocation.ts';
import type {StartedContainer} from './engine.ts';
import {lxcContainer} from './lxc-container.ts';
import {containerName, inEnclosure, inNamespaces} from './namespaces.ts';
import {isAlive, type Resident} from './resident.ts';

/**
 * A container of an enclosure that another process made, to run something in it; `role` where there are several.
 * `containers` is the output's folder of them. Throws a Failure when it is not there.
 */
export async function residentContainer(
  containers: string,
  resident: Resident,
  role?: string,
): Promise<StartedContainer> {
  const {name, holder: pid, ownNetwork} = resident;
  if (!(await isAlive(resident))) {
    throw new Failure(`${name} is not running`, {
      kind: 'usage',
      remedy: `Run \`${ownCommand('ct', 'del', name)}\` to remove what is left of it.`,
    });
  }
  const roles = await rolesIn(join(containers, name), name);
  const chosen = role ?? (roles.length === 1 ? roles[0] : undefined);
  if (chosen === undefined || !roles.includes(chosen)) {
    const which = role === undefined && roles.length > 0 ? 'several containers' : 'no container';
    throw new Failure(
      `${name} has ${which} ${role === undefined ? 'to choose from' : `with the role ${role}`}`,
      {
        kind: 'usage',
        ...(roles.length === 0 ? {} : {remedy: `Choose with --role, before the name: ${roles.join(', ')}.`}),
      },
    );
  }
  return lxcContainer({
    name: containerName(name, chosen),
    lxcPath: inEnclosure.lxc,
    folder: join(containers, name, containerName(name, chosen)),
    holder: pid,
    inside: (argv) => inNamespaces({pid, ownNetwork}, argv),
  });
}

/** The roles of the containers an enclosure's folder has. */
async function rolesIn(folder: string, name: string): Promise<string[]> {
  const prefix = containerName(name, '');
  const entries = await readdir(folder);
  return entries.filter((entry) => entry.startsWith(prefix)).map((entry) => entry.slice(prefix.length));
}
