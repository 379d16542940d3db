import type {Command} from 'commander';
import {buildTemplate} from '../../pipeline/build.ts';
import {shortName} from '../../recipe/template.ts';
import {diskFailure} from '../../repository/disk-failure.ts';
import {checkRepository} from '../../repository/marker.ts';
import {publish} from '../../repository/publish.ts';
import {containerOptions, repositoryOption, sourceOptions, type TestFlags, testOptions} from '../options.ts';
import {tellResults} from '../report/results.ts';
import {runTemplates} from '../run-templates.ts';
import {openSession} from '../session.ts';
import {bootTester} from '../tester.ts';

export function deploy(program: Command): void {
  repositoryOption(sourceOptions(testOptions(containerOptions(program.command('deploy')))))
    .summary('build, test, and publish what passes')
    .description(
      'Builds templates, boots and tests them, and publishes those that pass. A template that fails keeps its last published build.',
    )
    .argument('<templates...>', 'ids, short names, tags, globs or all')
    .addHelpText(
      'after',
      '\nExamples:\n  $ osctl-template deploy debian-13\n  $ osctl-template deploy all --jobs 4 --repository /srv/templates',
    )
    .action(async (patterns: readonly string[], flags: TestFlags) => {
      const session = await openSession(flags);
      const tester = bootTester(session);
      const {repository, vendor} = session.configuration;
      // before minutes of building for a folder that is refused
      await checkRepository(repository).catch((error: unknown) => {
        throw diskFailure(error, repository);
      });
      process.exitCode = await runTemplates(session, patterns, flags, async (template, report, signal) => {
        const built = await buildTemplate(
          {...session.request(template), repository},
          session.environment(report, signal),
        );
        const tested = await tester.test(template, built, report, signal);
        report({type: 'stage', template: shortName(template), stage: 'publish'});
        const note = (message: string) => report({type: 'note', template: shortName(template), message});
        const {damaged} = await publish(tested, repository, {
          defaults: {vendor},
          signal,
          onWait: () => note('waiting for another publisher'),
        });
        for (const failure of damaged) note(`left out of the indexes: ${failure.message}`);
        return {outcome: 'published', build: tested};
      });
      await tellResults(tester.results, flags);
    });
}
