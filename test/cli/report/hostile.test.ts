import {PassThrough} from 'node:stream';
import test from 'ava';
import {emptyBoard, follow} from '../../../src/cli/report/board.ts';
import {renderFrame} from '../../../src/cli/report/frame.ts';
import {junitXml, type TemplateResults} from '../../../src/cli/report/junit.ts';
import {renderPermanent} from '../../../src/cli/report/live.ts';
import {openReporter} from '../../../src/cli/report/open.ts';
import {testFailure} from '../../../src/cli/report/scenario-failure.ts';
import {scenarioMarkdown, scenarioTable} from '../../../src/cli/report/scenario-table.ts';
import {renderTable} from '../../../src/cli/table.ts';
import type {TemplateEvent} from '../../../src/event.ts';
import {Failure} from '../../../src/failure.ts';
import {visible, visibleJson} from '../../../src/host/visible.ts';

/** A title, a movement of the cursor, a bell, a break of the line, a return, and text from right to left. */
const hostile = 'a\u001b]0;title\u0007b\u009b2Jc\u0085d\u2028e\rf\u202eg\u2066h\u061ci\u007fj';

/** Whether something in a text acts on who reads it: all of Unicode's Cc, Bidi_Control and line breaks. */
const acts = (text: string) => /[^\P{Cc}\n\t]|\p{Bidi_Control}|[\u2028\u2029]/u.test(text);

const template = 'debian-13';
const failure = new Failure(hostile, {
  lastLines: [hostile, `  ${hostile}`],
  log: hostile,
  remedy: `${hostile}\n${hostile}`,
});
const events: readonly TemplateEvent[] = [
  {template, type: 'started', log: hostile},
  {template, type: 'step', stage: 'configure', step: hostile},
  {template, type: 'note', message: `${hostile}\n${hostile}`},
  {template, type: 'scenario', scenario: 'dns', outcome: 'failed', reason: `${hostile}\r\n${hostile}`},
  {template, type: 'finished', outcome: 'failed', seconds: 1, failure},
];
const scenarios: TemplateResults = {
  template,
  scenarios: [
    {
      ...{name: 'dns', title: 'It resolves', outcome: 'failed', seconds: 1},
      reason: hostile,
      logs: {console: [hostile], 'last lines': [hostile]},
    },
  ],
};

for (const json of [false, true]) {
  test(`nothing that others wrote acts on a terminal: ${json ? '--json' : 'lines'}`, (t) => {
    const stream = new PassThrough();
    const reporter = openReporter({stream, json});
    for (const event of events) reporter.report(event);
    reporter.say(hostile);
    reporter.fail(failure);
    reporter.summarize([{template, outcome: 'failed', seconds: 1, failure}]);
    const text = String(stream.read());
    t.false(acts(text), visible(text));
    t.true(text.includes('\\u202eg'));
  });
}

test('nor in what is redrawn and stays', (t) => {
  let board = emptyBoard;
  for (const event of events.slice(0, 2)) board = follow(board, event, 0);
  const frame = renderFrame(board, 1, {columns: 100, rows: 20}, false);
  const kept = events.map((event) => renderPermanent(event, false) ?? '');
  for (const text of [...frame, ...kept]) t.false(acts(text), visible(text));
});

test('nor in tables and reports', (t) => {
  const reports = {
    table: scenarioTable([scenarios]),
    markdown: scenarioMarkdown([scenarios]),
    junit: junitXml([scenarios]),
    cells: renderTable(['A'], [[hostile]]),
  };
  for (const [name, text] of Object.entries(reports)) t.false(acts(text), `${name}: ${visible(text)}`);
  t.is(reports.cells.split('\n').length, 2);
});

test('JSON says the same as before', (t) => {
  for (const indentation of [0, 2]) {
    const text = visibleJson({hostile: [hostile]}, indentation);
    t.false(acts(text));
    t.deepEqual(JSON.parse(text), {hostile: [hostile]});
  }
});

test('a console line that returns to its start stays in its place of the report', (t) => {
  const logs = {console: ['Welcome\r', '\r\u001b[K[  OK  ] Started\rmore']};
  const result = {name: 'dns', title: 'It resolves', outcome: 'failed', seconds: 1, logs} as const;
  const {lastLines} = testFailure(template, [result], {log: 'a.log'});
  t.deepEqual(lastLines, ['dns', '  console:', '    Welcome', '    more']);
});
