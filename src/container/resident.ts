import {readdir, readFile, rm, rmdir, stat, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout} from 'node:timers/promises';
import {z} from 'zod';
import {cgroupMounts} from '../host/cgroups.ts';
import type {Purpose} from './engine.ts';
import {endOccupants, type OccupiedPlace} from './occupants.ts';

/** What is running in a folder of the output's `containers`: an enclosure and the process that holds it. */
export interface Resident {
  readonly name: string;
  readonly title: string;
  readonly purpose: Purpose;
  /** The process that holds the namespaces, and when it started, in clock ticks: ids are used again. */
  readonly holder: number;
  readonly holderStart: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly ownNetwork: boolean;
}

const file = 'resident.json';

export async function writeResident(folder: string, resident: Resident): Promise<void> {
  await writeFile(join(folder, file), JSON.stringify(resident));
}

/** Field 22 of proc(5)'s stat, the time a process started; an empty string when it has ended, also unreaped. */
export async function processStart(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
  const [state = 'X', ...others] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return 'ZX'.includes(state) ? '' : (others[18] ?? '');
}

export async function isAlive(resident: Resident): Promise<boolean> {
  const start = await processStart(resident.holder);
  return start !== '' && start === resident.holderStart;
}

/** What the file says; an enclosure's name is its folder's, whatever stands in the file. */
const written = z.object({
  title: z.string(),
  purpose: z.enum(['build', 'test', 'instance']),
  holder: z.int().nonnegative(),
  holderStart: z.string(),
  started: z.string(),
  ownNetwork: z.boolean(),
});

/** Everything that runs, and what a killed process left: a folder without a readable file has no holder. */
export async function listResidents(containers: string): Promise<Resident[]> {
  const names = await readdir(containers).catch(() => []);
  return Promise.all(
    names.sort().map(async (name) => {
      try {
        return {...written.parse(JSON.parse(await readFile(join(containers, name, file), 'utf8'))), name};
      } catch {
        return {
          name,
          title: name,
          purpose: 'build',
          holder: 0,
          holderStart: '',
          started: '',
          ownNetwork: false,
        } as const;
      }
    }),
  );
}

/** Ends an enclosure: its holder cleans up, or, where the holder was killed, we do what it would have done. */
export async function removeResident(containers: string, resident: Resident): Promise<void> {
  if (await isAlive(resident)) {
    kill(resident.holder, 'SIGTERM');
    while (await isAlive(resident)) await setTimeout(20);
    return;
  }
  await clearAway(containers, resident);
}

/** What the holder of an enclosure does in the end, where it was killed: ends what runs, and removes what is left. */
export async function clearAway(containers: string, place: OccupiedPlace): Promise<void> {
  await endOccupants(place);
  await removeCgroups(place.name);
  await rm(join(containers, place.name), {recursive: true, force: true});
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {} // it ended in between
}

/** Removes what killed processes left behind; gives its names. */
export async function reap(containers: string): Promise<string[]> {
  const reaped: string[] = [];
  for (const resident of await listResidents(containers)) {
    if ((await isAlive(resident)) || (await isStarting(containers, resident))) continue;
    await removeResident(containers, resident);
    reaped.push(resident.name);
  }
  return reaped;
}

/** An enclosure that another process is opening right now has a folder, and nothing in it yet. */
async function isStarting(containers: string, resident: Resident): Promise<boolean> {
  if (resident.holder !== 0) return false;
  const folder = await stat(join(containers, resident.name)).catch(() => undefined);
  return folder !== undefined && Date.now() - folder.mtimeMs < 10_000;
}

/** How long what was killed may take to leave its cgroups, in milliseconds. */
const patience = 10_000;

/** Removes the cgroups of an enclosure's containers, in whatever hierarchies the machine has, as they become empty. */
async function removeCgroups(name: string): Promise<void> {
  const limit = Date.now() + patience;
  for (
    let left = await cgroupsOf(name);
    left.length > 0 && Date.now() < limit;
    left = await cgroupsOf(name)
  ) {
    for (const path of left) await removeCgroup(path);
    await setTimeout(20);
  }
}

async function cgroupsOf(name: string): Promise<string[]> {
  const mounts = cgroupMounts(await readFile('/proc/self/mounts', 'utf8'));
  const found = mounts.map(async (mount) => {
    const entries = await readdir(mount).catch(() => []);
    return entries
      .filter((entry) => /^lxc\.(payload|monitor)\./.test(entry) && entry.includes(`.${name}-`))
      .map((entry) => join(mount, entry));
  });
  return (await Promise.all(found)).flat();
}

async function removeCgroup(path: string): Promise<void> {
  for (const entry of await readdir(path, {withFileTypes: true}).catch(() => [])) {
    if (entry.isDirectory()) await removeCgroup(join(path, entry.name));
  }
  await rmdir(path).catch(() => undefined);
}
