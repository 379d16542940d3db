import {PassThrough} from 'node:stream';
import test from 'ava';
import {openReporter} from '../../../src/cli/report/open.ts';
import type {Reporter} from '../../../src/cli/report/reporter.ts';
import {Failure} from '../../../src/failure.ts';
import {localeFailure} from './locale-failure.ts';
import {results} from './results.ts';

/** The lines that a reporter writes to a pipe. */
function written(json: boolean, tell: (reporter: Reporter) => void): string[] {
  const stream = new PassThrough();
  const reporter = openReporter({stream, json});
  tell(reporter);
  reporter.finish();
  return String(stream.read()).trimEnd().split('\n');
}

function tellAll({report, say, fail, summarize}: Reporter): void {
  report({type: 'started', template: 'debian-13', log: 'a.log'});
  report({type: 'progress', template: 'debian-13', fraction: 0.5});
  report({type: 'finished', template: 'debian-13', seconds: 12, outcome: 'failed', failure: localeFailure});
  say('1 template is up to date');
  fail(new Failure('cannot write the index', {kind: 'machine'}));
  summarize(results);
}

delete process.env.FORCE_COLOR; // somebody may want AVA's colours, even in a pipe

test('a pipe gets lines, and no colours', (t) => {
  const lines = written(false, tellAll);
  t.is(lines[0], '    0 s  debian-13  log: a.log');
  t.regex(lines[1] ?? '', /^ {3}12 s {2}✘ debian-13 failed in 12 s: configure, locale en_US/);
  t.true(lines.includes('1 template is up to date'));
  t.true(lines.includes('✘ cannot write the index'));
  t.regex(lines.at(-1) ?? '', /^3 done, 1 failed, 1 interrupted, 1 not started in \d/);
});

test('--json: one event a line, also failures and the summary', (t) => {
  const events: unknown[] = written(true, tellAll).map((line) => JSON.parse(line));
  const time = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;
  for (const event of events) t.regex(Object(event).time, time);
  t.like(events[0], {type: 'started', template: 'debian-13', log: 'a.log'});
  t.like(events[1], {type: 'progress', fraction: 0.5});
  t.like(events[2], {
    type: 'finished',
    outcome: 'failed',
    seconds: 12,
    failure: {kind: 'template', message: localeFailure.message, log: 'output/logs/debian-13.log'},
  });
  t.like(events[3], {type: 'message', message: '1 template is up to date'});
  t.like(events[4], {type: 'failure', kind: 'machine', message: 'cannot write the index'});
  t.like(events[5], {type: 'summary', done: 3, failed: 1, notStarted: 1, templates: {length: 6}});
});
