import {visible} from '../../host/visible.ts';
import type {ScenarioResult} from '../../image/manifest.ts';

/** What the scenarios found on one template. */
export interface TemplateResults {
  /** The template's short name. */
  readonly template: string;
  readonly scenarios: readonly ScenarioResult[];
}

/**
 * Test reports as JUnit XML, the form of its Ant task that CI systems read: a suite for each template, a case for each
 * scenario. What does not apply or was not checked is skipped, with the reason.
 */
export function junitXml(results: readonly TemplateResults[]): string {
  const suites = results.flatMap(({template, scenarios}) => {
    const count = (test: (result: ScenarioResult) => boolean) => String(scenarios.filter(test).length);
    const seconds = scenarios.reduce((sum, each) => sum + each.seconds, 0);
    const suite = {
      name: template,
      tests: String(scenarios.length),
      failures: count(({outcome}) => outcome === 'failed'),
      skipped: count(({outcome}) => outcome.startsWith('not ')),
      time: seconds.toFixed(2),
    };
    return [
      `  ${tag('testsuite', suite)}`,
      ...scenarios.flatMap((each) => testcase(template, each)),
      '  </testsuite>',
    ];
  });
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>', ''].join(
    '\n',
  );
}

function testcase(
  template: string,
  {name, title, outcome, seconds, reason = '', logs = {}}: ScenarioResult,
): string[] {
  const open = tag('testcase', {classname: template, name: `${name}: ${title}`, time: seconds.toFixed(2)});
  if (outcome === 'passed') return [`    ${open}</testcase>`];
  const said = Object.entries(logs).flatMap(([from, lines]) => [
    `${from}:`,
    ...lines.map((line) => `  ${line}`),
  ]);
  const [message = ''] = reason.split('\n');
  const inside =
    outcome === 'failed'
      ? `${tag('failure', {message})}${escaped([reason, ...said].join('\n'))}</failure>`
      : `${tag('skipped', {message: `${outcome}: ${message}`})}</skipped>`;
  return [`    ${open}`, `      ${inside}`, '    </testcase>'];
}

function tag(name: string, attributes: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return `<${name}${pairs.join('')}>`;
}

const entities: Readonly<Record<string, string>> = {'&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;'};

/** Text as XML 1.0 has it: without the control characters that it cannot have. */
function escaped(text: string): string {
  return visible(text)
    .replace(/[&<>"]/g, (character) => entities[character] ?? '')
    .replace(/[\uFFFE\uFFFF]/g, ' ')
    .replace(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g, ' ');
}
