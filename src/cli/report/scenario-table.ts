import type {Outcome} from '../../image/manifest.ts';
import {renderTable} from '../table.ts';
import {showBytes} from './amounts.ts';
import type {TemplateResults} from './junit.ts';
import {printable} from './text.ts';

/** How an outcome looks in a table. */
const signs: Readonly<Record<Outcome, string>> = {
  passed: '✔',
  failed: '✘',
  'not applicable': '–',
  'not checked': '?',
};

const legend = '✔ passed, ✘ failed, – does not apply, ? was not checked';

/** What scenarios found, a scenario a line, a template a column; the reasons of all that is not passed below. */
export function scenarioTable(results: readonly TemplateResults[]): string {
  const names = namesOf(results);
  if (names.length === 0) return '';
  // many templates have their names in front, and numbers over the columns
  const numbered = results.length > 4;
  const heading = results.map(({template}, index) => (numbered ? String(index + 1) : template));
  const rows = names.map((name) => [name, ...results.map((each) => signOf(each, name))]);
  const numbers = numbered ? results.map(({template}, index) => `${index + 1}  ${template}`) : [];
  return [
    ...numbers,
    ...(numbered ? [''] : []),
    renderTable(['scenario', ...heading], [...rows, ...measurements(results)]),
    '',
    legend,
    ...reasons(results),
  ].join('\n');
}

/** The same in Markdown: a table for each distribution, the reasons as a list below it. */
export function scenarioMarkdown(results: readonly TemplateResults[]): string {
  const distributions = Map.groupBy(results, ({template}) => template.replace(/-.*/, ''));
  const tables = [...distributions].map(([name, own]) => `## ${name}\n\n${markdownTable(own)}`);
  return [`${legend}.\n`, ...tables].join('\n');
}

function markdownTable(results: readonly TemplateResults[]): string {
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const names = namesOf(results);
  return [
    row(['scenario', ...results.map(({template}) => template)]),
    row(['---', ...results.map(() => ':-:')]),
    ...names.map((name) => row([`\`${name}\``, ...results.map((each) => signOf(each, name))])),
    ...measurements(results).map(row),
    '',
    ...reasons(results).map((reason) => `- ${reason}`),
    '',
  ].join('\n');
}

function namesOf(results: readonly TemplateResults[]): string[] {
  return [...new Set(results.flatMap(({scenarios}) => scenarios.map(({name}) => name)))].toSorted();
}

function signOf({scenarios}: TemplateResults, name: string): string {
  const found = scenarios.find((each) => each.name === name);
  return found === undefined ? '' : signs[found.outcome];
}

/** What scenarios measured, a number a line, a template a column. */
function measurements(results: readonly TemplateResults[]): string[][] {
  const all = results.map(
    ({scenarios}) => new Map(scenarios.flatMap(({measured = {}}) => Object.entries(measured))),
  );
  const names = [...new Set(all.flatMap((measured) => [...measured.keys()]))].toSorted();
  return names.map((name) => {
    const {title, show} = shownAs(name);
    const cell = (value: number | undefined) => (value === undefined ? '' : show(value));
    return [title, ...all.map((measured) => cell(measured.get(name)))];
  });
}

/** A measured number's name in words, and how its unit is written. */
function shownAs(name: string): {title: string; show: (value: number) => string} {
  const [, what = name, unit] = /^(.+?)(Bytes|Percent)?$/.exec(name) ?? [];
  const title = what.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  if (unit === 'Bytes') return {title, show: showBytes};
  return {title, show: (value) => (unit === 'Percent' ? `${value} %` : String(value))};
}

/** Why scenarios failed, did not apply or were not checked: each reason once, with the templates it is true for. */
function reasons(results: readonly TemplateResults[]): string[] {
  const templates = new Map<string, string[]>();
  for (const {template, scenarios} of results) {
    for (const {name, outcome, reason} of scenarios) {
      if (outcome === 'passed') continue;
      const key = `${signs[outcome]} ${name}: ${printable(reason?.split('\n')[0] ?? '')}`;
      templates.set(key, [...(templates.get(key) ?? []), template]);
    }
  }
  return [...templates].toSorted().map(([key, of]) => `${key} (${of.join(', ')})`);
}
