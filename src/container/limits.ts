import {Failure} from '../failure.ts';
import {type CgroupLayout, readControllers} from '../host/cgroups.ts';
import type {Limits} from './engine.ts';

/** Throws a Failure when a limit is asked for that this machine's cgroups cannot set. */
export async function checkLimits(limits: Limits, layout: CgroupLayout): Promise<void> {
  const wanted = [
    {limit: limits.memory, flag: '--memory', controller: 'memory'},
    {limit: limits.cpus, flag: '--cpus', controller: 'cpu'},
  ].filter(({limit}) => limit !== undefined);
  if (wanted.length === 0) return;
  const controllers = await readControllers(layout);
  for (const {flag, controller} of wanted) {
    if (controllers.includes(controller)) continue;
    throw new Failure(`this machine's cgroups have no ${controller} controller to limit a container with`, {
      kind: 'machine',
      remedy: `Leave ${flag} out, or boot the machine with the controller: see its kernel command line.`,
    });
  }
}
