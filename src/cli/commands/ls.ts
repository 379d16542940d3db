import {join} from 'node:path';
import type {Command} from 'commander';
import {selectTemplates} from '../../catalogue/select.ts';
import {buildsOf} from '../../pipeline/store.ts';
import {forRelease} from '../../recipe/distribution.ts';
import {dayOf} from '../../recipe/serial.ts';
import {supportOf} from '../../recipe/support.ts';
import {shortName, type Template, templateId} from '../../recipe/template.ts';
import {tellLeftOut} from '../left-out.ts';
import {configurationOptions, type GivenFlags} from '../options.ts';
import {print, printJson} from '../print.ts';
import {type Library, openLibrary} from '../session.ts';
import {renderTable} from '../table.ts';

export function ls(program: Command): void {
  configurationOptions(program.command('ls'))
    .summary('list templates and their last builds')
    .description(
      'Lists every template that can be built, its tags, the end of its support and its last build. A note says whose ' +
        'support has ended or ends within 90 days, and which ones `all` does not build.',
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
  const [latest] = await buildsOf(join(library.configuration.output, 'builds'), template, tellLeftOut);
  const test = latest?.manifest.test;
  return {
    name: shortName(template),
    id: templateId(template),
    title: `${recipe.distribution.title} ${release.version}`,
    codename: release.codename,
    tags: template.tags,
    endOfLife: release.endOfLife ?? null,
    legacy: release.legacy === true,
    support: supportOf(release, dayOf(library.serial)) ?? null,
    listed: library.available.listed.includes(template),
    lastBuild: latest?.manifest.serial ?? null,
    state: latest === undefined ? null : test === undefined ? 'untested' : test.passed ? 'passed' : 'failed',
  };
}

function cells(row: Row): string[] {
  const {name, title, codename, tags, endOfLife, legacy, support, listed, lastBuild, state} = row;
  const release = title.endsWith(codename) ? title : `${title} (${codename})`;
  const notes = [
    ...(legacy ? ['legacy'] : []),
    ...(support?.state === 'ended' && !legacy ? ['ended'] : []),
    ...(support?.state === 'ends soon' ? [`ends in ${support.days} days`] : []),
    ...(listed ? [] : ['not listed']),
  ];
  return [
    name,
    release,
    tags.join(' ') || '-',
    endOfLife ?? '-',
    lastBuild ?? '-',
    state ?? 'not built',
    notes.join(', '),
  ];
}
