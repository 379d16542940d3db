import {join} from 'node:path';
import type {Command} from 'commander';
import {selectTemplates} from '../../catalogue/select.ts';
import {buildsOf} from '../../pipeline/store.ts';
import {forRelease} from '../../recipe/distribution.ts';
import {shortName, type Template, templateId} from '../../recipe/template.ts';
import {configurationOptions, type GivenFlags} from '../options.ts';
import {print, printJson} from '../print.ts';
import {type Library, openLibrary} from '../session.ts';
import {renderTable} from '../table.ts';

export function ls(program: Command): void {
  configurationOptions(program.command('ls'))
    .summary('list templates and their last builds')
    .description(
      'Lists every template that can be built, its tags, the end of its support and its last build. One that `all` ' +
        'does not build says so: the configuration does not list it, or it is of a legacy release.',
    )
    .argument('[templates...]', 'ids, short names, tags or globs; all that recipes know unless given')
    .addHelpText('after', "\nExamples:\n  $ osctl-template ls\n  $ osctl-template ls 'debian-*' --json")
    .action(async (patterns: readonly string[], flags: GivenFlags) => {
      const library = await openLibrary(flags);
      const {available} = library;
      const templates = patterns.length === 0 ? available.known : selectTemplates(patterns, available);
      const rows = await Promise.all(templates.map((template) => describe(library, template)));
      if (flags.json) printJson(rows);
      else
        print(
          renderTable(
            ['NAME', 'RELEASE', 'TAGS', 'END OF LIFE', 'LAST BUILD', 'STATE', 'NOTE'],
            rows.map(cells),
          ),
        );
    });
}

type Row = Awaited<ReturnType<typeof describe>>;

async function describe(library: Library, template: Template) {
  const recipe = library.recipeOf(template);
  const {release} = forRelease(recipe.distribution, template.release);
  const [latest] = await buildsOf(join(library.configuration.output, 'builds'), template);
  const test = latest?.manifest.test;
  return {
    name: shortName(template),
    id: templateId(template),
    title: `${recipe.distribution.title} ${release.version}`,
    codename: release.codename,
    tags: template.tags,
    endOfLife: release.endOfLife ?? null,
    legacy: release.legacy === true,
    listed: library.available.listed.includes(template),
    lastBuild: latest?.manifest.serial ?? null,
    state: latest === undefined ? null : test === undefined ? 'untested' : test.passed ? 'passed' : 'failed',
  };
}

function cells({name, title, codename, tags, endOfLife, legacy, listed, lastBuild, state}: Row): string[] {
  const release = title.endsWith(codename) ? title : `${title} (${codename})`;
  const note = [...(legacy ? ['legacy'] : []), ...(listed ? [] : ['not listed'])].join(', ');
  return [
    name,
    release,
    tags.join(' ') || '-',
    endOfLife ?? '-',
    lastBuild ?? '-',
    state ?? 'not built',
    note,
  ];
}
