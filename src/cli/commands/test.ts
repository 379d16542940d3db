import {type Command, Option} from 'commander';
import {listScenarios, scenariosNamed} from '../../boot/scenario/list.ts';
import {selectTemplates} from '../../catalogue/select.ts';
import {latestBuild} from '../../pipeline/store.ts';
import {shortName} from '../../recipe/template.ts';
import {containerOptions, type TestFlags, testOptions} from '../options.ts';
import {print, printJson} from '../print.ts';
import {tellResults} from '../report/results.ts';
import {runTemplates} from '../run-templates.ts';
import {openSession} from '../session.ts';
import {renderTable} from '../table.ts';
import {bootTester} from '../tester.ts';

const remedy = '`osctl-template ls` lists all templates, `osctl-template test --list` all scenarios.';

interface TestOnlyFlags extends TestFlags {
  readonly list?: boolean;
  readonly keep?: boolean;
  readonly engine: 'lxc' | 'osctl';
}

export function test(program: Command): void {
  testOptions(containerOptions(program.command('test')))
    .summary('boot templates as a node would, and check them')
    .description(
      "Boots the packed image of each template's last build and runs scenarios on it, or only those that are named.",
    )
    .argument(
      '[arguments...]',
      'templates, and scenarios to run by their names or the beginnings of these; all of them unless given',
    )
    .option('--list', 'list the scenarios')
    .addOption(
      new Option('--engine <name>', 'what runs the containers: osctl on a vpsAdminOS host')
        .choices(['lxc', 'osctl'])
        .default('lxc'),
    )
    .option('--keep', 'leave the containers of scenarios that fail running, and tell how to enter them')
    .addHelpText(
      'after',
      "\nExamples:\n  $ osctl-template test debian-13\n  $ osctl-template test 'debian-*' routed dns\n  $ osctl-template test debian-13 --engine osctl\n  $ osctl-template test --list",
    )
    .action(async (words: readonly string[], flags: TestOnlyFlags, command: Command) => {
      const scenarios = await listScenarios();
      if (flags.list) {
        const rows = scenarios.map(({name, title}) => [name, title]);
        if (flags.json) printJson(scenarios.map(({name, title}) => ({name, title})));
        else print(renderTable(['SCENARIO', 'CHECKS'], rows));
        return;
      }
      const isScenario = (word: string) => scenariosNamed(word, scenarios).length > 0;
      const patterns = words.filter((word) => !isScenario(word));
      if (patterns.length === 0)
        command.error('error: name a template to test, or --list the scenarios', {exitCode: 2});
      const {engine, keep} = flags;
      // a host of osctl's has one set of addresses for tests
      const one = engine === 'osctl' ? {jobs: '1'} : {};
      const session = await openSession({...flags, ...one}, {engine});
      selectTemplates(patterns, session.available, remedy); // a mistyped scenario looks like a template
      const tester = bootTester(session, {only: words.filter(isScenario), keep, engine});
      process.exitCode = await runTemplates(session, patterns, flags, async (template, report, signal) => {
        const latest = await latestBuild(session.output.builds, template, ({message}) =>
          report({type: 'note', template: shortName(template), message: `left out: ${message}`}),
        );
        return {outcome: 'tested', build: await tester.test(template, latest, report, signal)};
      });
      await tellResults(tester.results, flags);
    });
}
