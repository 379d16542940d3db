import {runAll} from '../build/queue.ts';
import type {Build} from '../image/manifest.ts';
import type {Report} from '../recipe/event.ts';
import {selectTemplates} from '../recipe/select.ts';
import {shortName, type Template} from '../recipe/template.ts';
import type {GivenFlags} from './options.ts';
import {openReporter} from './report/reporter.ts';
import type {Session} from './session.ts';

/** What was done for a template. */
export interface Done {
  readonly outcome: 'built' | 'tested' | 'published';
  readonly build: Build;
}

/**
 * Does a command's work for every template its arguments name, as many at once as the session allows, tells how it
 * goes, and prints a table at the end. Resolves to the exit code.
 */
export async function runTemplates(
  session: Session,
  patterns: readonly string[],
  flags: GivenFlags,
  work: (template: Template, report: Report) => Promise<Done>,
): Promise<number> {
  const templates = selectTemplates(patterns, session.available);
  await using reporter = openReporter({json: flags.json === true, stream: process.stdout});
  for (const name of session.reaped) reporter.say(`removed what a killed run had left: ${name}`);
  for (const template of templates) reporter.report({type: 'waiting', template: shortName(template)});
  const _results = await runAll(templates, session, (template) => work(template, reporter.report));
  return 0;
}
