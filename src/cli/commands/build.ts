import type {Command} from 'commander';
import {buildTemplate} from '../../pipeline/build.ts';
import {containerOptions, type GivenFlags, sourceOptions} from '../options.ts';
import {runTemplates} from '../run-templates.ts';
import {openSession} from '../session.ts';

export function build(program: Command): void {
  sourceOptions(containerOptions(program.command('build')))
    .summary('build templates')
    .description(
      'Builds templates in build containers, several at once. One that fails leaves the others alone.',
    )
    .argument('<templates...>', 'ids, short names, tags, globs or all')
    .addHelpText(
      'after',
      "\nExamples:\n  $ osctl-template build debian-13\n  $ osctl-template build all --jobs 4\n  $ osctl-template build 'debian-*' --json",
    )
    .action(async (patterns: readonly string[], flags: GivenFlags) => {
      const session = await openSession(flags);
      process.exitCode = await runTemplates(session, patterns, flags, async (template, report, signal) => {
        const built = await buildTemplate(session.request(template), session.environment(report, signal));
        return {outcome: 'built', build: built};
      });
    });
}
