import {type Command, Option} from 'commander';
import {openShell} from '../../pipeline/build.ts';
import {type TreeStage, treeStages} from '../../pipeline/request.ts';
import {type GivenFlags, limitOptions, settingsOptions, sourceOptions} from '../options.ts';
import {openReporter} from '../report/open.ts';
import {theOne} from '../selection.ts';
import {openSession} from '../session.ts';

export function shell(program: Command): void {
  sourceOptions(limitOptions(settingsOptions(program.command('shell'))))
    .summary("open a prompt inside a template's build")
    .description(
      'Builds a template up to a stage and gives you a shell in its tree. The build goes when the shell ends.',
    )
    .argument('<template>', 'id, short name or tag')
    .addOption(
      new Option('--after <stage>', 'stage to stop after').choices([...treeStages]).default('configure'),
    )
    .addHelpText(
      'after',
      '\nExamples:\n  $ osctl-template shell debian-13\n  $ osctl-template shell debian-13 --after bootstrap',
    )
    .action(async (name: string, flags: GivenFlags & {readonly after: TreeStage}) => {
      const session = await openSession(flags);
      const template = theOne(name, session);
      await using reporter = openReporter({stream: process.stderr});
      const environment = session.environment((event) => reporter.report(event));
      process.exitCode = await openShell(session.request(template), environment, flags.after, () =>
        reporter.finish(),
      );
    });
}
