import {selectTemplates} from '../catalogue/select.ts';
import type {Report, TemplateEnd} from '../event.ts';
import {asFailure} from '../failure.ts';
import {type Build, buildFiles} from '../image/manifest.ts';
import {type JobResult, runAll} from '../pipeline/queue.ts';
import {forRelease} from '../recipe/distribution.ts';
import {dayOf} from '../recipe/serial.ts';
import {supportNote} from '../recipe/support.ts';
import {shortName, type Template} from '../recipe/template.ts';
import type {GivenFlags} from './options.ts';
import {openReporter} from './report/open.ts';
import type {Session} from './session.ts';

/** What was done for a template. */
export interface Done {
  readonly outcome: 'built' | 'tested' | 'published';
  readonly build: Build;
}

/**
 * Does a command's work for every template its arguments name, as many at once as the session allows, tells how it
 * goes, and prints a table at the end. What ends the run, or the claim on the template, is the work's signal. Resolves
 * to the exit code.
 */
export async function runTemplates(
  session: Session,
  patterns: readonly string[],
  flags: GivenFlags,
  work: (template: Template, report: Report, signal: AbortSignal) => Promise<Done>,
): Promise<number> {
  const templates = selectTemplates(patterns, session.available);
  await using reporter = openReporter({json: flags.json === true, stream: process.stdout});
  for (const name of session.reaped) reporter.say(`removed what a killed run had left: ${name}`);
  for (const template of templates) reporter.report({type: 'waiting', template: shortName(template)});
  for (const template of templates) {
    const {release} = forRelease(session.recipeOf(template).distribution, template.release);
    const message = supportNote(release, dayOf(session.serial));
    if (message !== undefined) reporter.report({type: 'note', template: shortName(template), message});
  }
  const results = await runAll(
    templates,
    session,
    async (template) => {
      const name = shortName(template);
      const message = `waiting for another run that works on ${name}`;
      await using claim = await session.claim(template, () =>
        reporter.report({type: 'note', template: name, message}),
      );
      return await work(template, reporter.report, AbortSignal.any([session.signal, claim.signal]));
    },
    (result) => {
      const end = endOf(result);
      if (end.outcome !== 'not started')
        reporter.report({type: 'finished', template: shortName(result.template), ...end});
    },
  );
  reporter.summarize(results.map((result) => ({template: shortName(result.template), ...endOf(result)})));
  return exitCode(results, session.signal);
}

type End = TemplateEnd | {readonly outcome: 'not started'};

function endOf(result: JobResult<Done>): End {
  const {outcome, seconds} = result;
  if (outcome === 'failed') return {outcome, seconds, failure: result.failure};
  if (outcome === 'not started') return {outcome};
  if (outcome === 'interrupted') return {outcome, seconds};
  const {build} = result.value;
  const bytes = build.manifest.files[buildFiles.imageArchive]?.bytes ?? 0;
  return {outcome: result.value.outcome, seconds, serial: build.manifest.serial, bytes};
}

/** What interrupted it says; otherwise what all failures have in common, else 1; 0 when there is none. */
function exitCode(results: readonly JobResult<Done>[], signal: AbortSignal): number {
  if (results.some(({outcome}) => outcome === 'interrupted' || outcome === 'not started'))
    return asFailure(signal.reason).exitCode;
  const codes = new Set(
    results.flatMap((result) => (result.outcome === 'failed' ? [result.failure.exitCode] : [])),
  );
  const [first = 0, ...others] = codes;
  return others.length > 0 ? 1 : first;
}
