import {join} from 'node:path';
import type {Command} from 'commander';
import {loadConfiguration} from '../../config/load.ts';
import {loginShell} from '../../container/engine.ts';
import {isAlive, listResidents, type Resident, removeResident} from '../../container/resident.ts';
import {residentContainer} from '../../container/resident-container.ts';
import {Failure} from '../../failure.ts';
import {ownCommand} from '../../invocation.ts';
import {suggestion} from '../../mistake.ts';
import {configurationOptions, type GivenFlags, settingsOptions} from '../options.ts';
import {print, printJson} from '../print.ts';
import {renderTable} from '../table.ts';

export function ct(program: Command): void {
  const group = program
    .command('ct')
    .summary('list, enter and remove containers')
    .description('What is running: builds, tests and instances, and what killed runs left.');

  configurationOptions(group.command('ls'))
    .description('Lists what runs in containers, and what a killed run left.')
    .addHelpText('after', '\nExamples:\n  $ osctl-template ct ls\n  $ osctl-template ct ls --json')
    .action(async (flags: GivenFlags) => {
      const residents = await listResidents(await containersFolder(flags));
      const rows = await Promise.all(
        residents.map(async (resident) => ({...resident, alive: await isAlive(resident)})),
      );
      if (flags.json) {
        printJson(rows);
        return;
      }
      const cells = rows.map((row) => [
        row.name,
        row.title,
        row.purpose,
        row.alive ? 'running' : 'left over',
        row.started,
      ]);
      print(renderTable(['NAME', 'TEMPLATE', 'PURPOSE', 'STATE', 'STARTED'], cells));
    });

  settingsOptions(group.command('exec'))
    .description('Runs a command in a container, a login shell unless given. The exit code is the command’s.')
    .argument('<name>', 'as `ct ls` shows it')
    .argument('[command...]', 'command and arguments')
    .option('--role <role>', 'which container, where an enclosure has several')
    .passThroughOptions()
    .addHelpText(
      'after',
      '\nExamples:\n  $ osctl-template ct exec debian-13-1a2b3c\n  $ osctl-template ct exec debian-13-1a2b3c systemctl --failed',
    )
    .action(async (name: string, argv: readonly string[], flags: GivenFlags & {readonly role?: string}) => {
      const folder = await containersFolder(flags);
      const resident = residentNamed(await listResidents(folder), name);
      const container = await residentContainer(folder, resident, flags.role);
      process.exitCode = await container.attach(argv.length > 0 ? argv : loginShell);
    });

  configurationOptions(group.command('del'))
    .description('Ends containers and removes what they wrote. Without a name, what killed runs left.')
    .argument('[names...]', 'as `ct ls` shows them')
    .option('--all', 'everything, running builds and tests too')
    .addHelpText(
      'after',
      '\nExamples:\n  $ osctl-template ct del debian-13-1a2b3c\n  $ osctl-template ct del\n  $ osctl-template ct del --all',
    )
    .action(async (names: readonly string[], flags: GivenFlags & {readonly all?: boolean}) => {
      const folder = await containersFolder(flags);
      const residents = await listResidents(folder);
      const removed = await chosen(residents, names, flags.all === true);
      for (const resident of removed) {
        await removeResident(folder, resident);
        if (!flags.json) print(`removed ${resident.name}`);
      }
      if (flags.json) printJson(removed.map(({name}) => name));
    });
}

async function chosen(
  residents: readonly Resident[],
  names: readonly string[],
  all: boolean,
): Promise<Resident[]> {
  if (all) return [...residents];
  if (names.length > 0) return names.map((name) => residentNamed(residents, name));
  const alive = await Promise.all(residents.map(isAlive));
  return residents.filter((_, index) => alive[index] === false);
}

function residentNamed(residents: readonly Resident[], name: string): Resident {
  const resident = residents.find((each) => each.name === name);
  if (resident !== undefined) return resident;
  const near = suggestion(
    name,
    residents.map((each) => each.name),
  );
  throw new Failure(`there is no container ${name}${near}`, {
    kind: 'usage',
    remedy: `\`${ownCommand('ct', 'ls')}\` lists them.`,
  });
}

async function containersFolder(flags: GivenFlags): Promise<string> {
  const {output} = await loadConfiguration({flags});
  return join(output, 'containers');
}
