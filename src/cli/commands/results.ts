import {join} from 'node:path';
import type {Command} from 'commander';
import {selectTemplates} from '../../catalogue/select.ts';
import {Failure} from '../../failure.ts';
import {writeDurably} from '../../host/durable.ts';
import {buildsOf} from '../../pipeline/store.ts';
import {shortName} from '../../recipe/template.ts';
import {tellLeftOut} from '../left-out.ts';
import {configurationOptions, type GivenFlags} from '../options.ts';
import {print, printJson} from '../print.ts';
import {junitXml, type TemplateResults} from '../report/junit.ts';
import {scenarioMarkdown, scenarioTable} from '../report/scenario-table.ts';
import {openLibrary} from '../session.ts';

interface ResultFlags extends GivenFlags {
  readonly markdown?: boolean;
  readonly junit?: string;
}

export function results(program: Command): void {
  configurationOptions(program.command('results'))
    .summary('show what the last tests found')
    .description(
      "Shows what every scenario found on each template's last build, when all of them were last run on it.",
    )
    .argument('[templates...]', 'ids, short names, tags or globs; all that are known unless given')
    .option('--markdown', 'print the table as Markdown')
    .option('--junit <file>', 'write JUnit XML for CI')
    .addHelpText(
      'after',
      "\nExamples:\n  $ osctl-template results\n  $ osctl-template results 'debian-*' --junit report.xml",
    )
    .action(async (patterns: readonly string[], flags: ResultFlags) => {
      const {available, configuration} = await openLibrary(flags);
      const templates = patterns.length === 0 ? available.known : selectTemplates(patterns, available);
      const found: TemplateResults[] = [];
      for (const template of templates) {
        const [latest] = await buildsOf(join(configuration.output, 'builds'), template, tellLeftOut);
        const scenarios = latest?.manifest.test?.scenarios;
        if (scenarios !== undefined) found.push({template: shortName(template), scenarios});
      }
      if (found.length === 0) {
        throw new Failure('no build of these templates has been tested', {
          kind: 'usage',
          remedy: '`osctl-template test` boots builds, `osctl-template ls` shows which there are.',
        });
      }
      if (flags.junit !== undefined) await writeDurably(flags.junit, junitXml(found));
      if (flags.json) printJson(found);
      else if (flags.markdown) print(scenarioMarkdown(found));
      else if (flags.junit === undefined) print(scenarioTable(found));
    });
}
