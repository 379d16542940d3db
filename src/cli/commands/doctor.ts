import type {Command} from 'commander';
import {loadConfiguration} from '../../config/load.ts';
import {obstacles, renderFindings} from '../../host/finding.ts';
import {checkMachine} from '../../host/requirements.ts';
import {configurationOptions, type GivenFlags} from '../options.ts';
import {print, printJson} from '../print.ts';

export function doctor(program: Command): void {
  configurationOptions(program.command('doctor'))
    .summary('say whether this machine can build, and what to do if not')
    .description('Checks everything containers and builds need, and says how to get what is missing.')
    .addHelpText('after', '\nExamples:\n  $ osctl-template doctor\n  $ osctl-template doctor --json')
    .action(async (flags: GivenFlags) => {
      const {output} = await loadConfiguration({flags});
      const findings = await checkMachine({output});
      if (flags.json) printJson(findings);
      else print(renderFindings(findings));
      if (obstacles(findings).length > 0) process.exitCode = 3;
    });
}
