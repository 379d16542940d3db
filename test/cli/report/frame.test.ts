import {stripVTControlCharacters} from 'node:util';
import test from 'ava';
import {type Board, emptyBoard, follow} from '../../../src/cli/report/board.ts';
import {renderFrame} from '../../../src/cli/report/frame.ts';
import type {TemplateEvent} from '../../../src/event.ts';

const terminal = {columns: 90, rows: 24};

/** The board after these events, each a second after the one before. */
function after(...events: readonly TemplateEvent[]): Board {
  return events.reduce(follow, emptyBoard);
}

function started(...templates: readonly string[]): TemplateEvent[] {
  return templates.map((template) => ({type: 'started', template, log: 'a.log'}));
}

const busy = after(
  ...started('debian-13', 'alpine-3.23-cloud'),
  {type: 'waiting', template: 'fedora-44'},
  {type: 'waiting', template: 'ubuntu-26.04'},
  {type: 'step', template: 'debian-13', stage: 'configure', step: 'locale en_US.UTF-8'},
  {type: 'step', template: 'alpine-3.23-cloud', stage: 'bootstrap', step: 'minirootfs'},
  {type: 'progress', template: 'alpine-3.23-cloud', fraction: 0.5},
);

test('a line a template in work, and how many wait', (t) => {
  t.deepEqual(renderFrame(busy, 63, terminal, false), [
    'debian-13          configure  locale en_US.UTF-8                                    1m 03s',
    'alpine-3.23-cloud  bootstrap  minirootfs                    ━━━━━━━━────────  50 %  1m 02s',
    '2 waiting',
  ]);
});

test('colours change nothing else', (t) => {
  t.deepEqual(
    renderFrame(busy, 63, terminal, true).map((line) => stripVTControlCharacters(line)),
    renderFrame(busy, 63, terminal, false),
  );
});

test('no line is wider than the terminal', (t) => {
  for (const columns of [1, 20, 40, 69, 70, 200]) {
    for (const line of renderFrame(busy, 63, {columns, rows: 24}, false))
      t.true([...line].length <= columns, `${columns}: ${line}`);
  }
});

test('what does not fit on the terminal is counted', (t) => {
  const board = after(...started('a', 'b', 'c', 'd', 'e'), {type: 'waiting', template: 'f'});
  const lines = renderFrame(board, 5, {columns: 80, rows: 4}, false);
  t.is(lines.length, 3);
  t.is(lines.at(-1), '3 more in work, 1 waiting');
  t.is(renderFrame(board, 5, terminal, false).length, 6);
});

test('a step that a program named does not break the line', (t) => {
  const board = after({type: 'step', template: 'a', stage: 'test', step: 'x\n\u001B[2Jy'});
  t.is(renderFrame(board, 0, terminal, false).join('').includes('\n'), false);
});

test('nothing is shown when nothing is in work', (t) => {
  const board = after(...started('a'), {type: 'finished', template: 'a', outcome: 'interrupted', seconds: 1});
  t.deepEqual(renderFrame(board, 1, terminal, false), []);
});

test('a new step has no progress yet, and the time goes on', (t) => {
  const board = follow(busy, {type: 'step', template: 'alpine-3.23-cloud', stage: 'seal', step: 'keys'}, 7);
  t.deepEqual(board.working.get('alpine-3.23-cloud'), {since: 1, stage: 'seal', step: 'keys'});
});
