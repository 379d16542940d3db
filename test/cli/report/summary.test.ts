import test from 'ava';
import {summaryFields, summaryTable} from '../../../src/cli/report/summary.ts';
import {results} from './results.ts';

test('a table of all templates, with the sums below', (t) => {
  t.is(
    summaryTable(results, {seconds: 75}),
    `  template      outcome        time     size  serial or failure
✔ alpine-3.23   built           4 s   3.4 MB  20261123T153000Z
✔ debian-12     tested         21 s  89.3 MB  20261123T153000Z
✘ debian-13     failed         12 s           configure, locale en_US.UTF-8: locale-gen ended with …
✔ fedora-44     published    1m 03s   1.2 GB  20261123T153000Z
! ubuntu-26.04  interrupted     8 s
! void-glibc    not started

3 done, 1 failed, 1 interrupted, 1 not started in 1m 15s`,
  );
});

test('a wider terminal shows more of a failure', (t) => {
  t.regex(summaryTable(results, {seconds: 75, columns: 140}), /locale-gen ended with exit code 1$/m);
});

test('no line is wider than asked for', (t) => {
  const lines = summaryTable(results, {seconds: 75, columns: 60}).split('\n');
  t.is(Math.max(...lines.map((line) => line.length)), 60);
});

test('a run of nothing', (t) => {
  t.regex(summaryTable([], {seconds: 0}), /\n\n0 done in 0 s$/);
});

test('the same for a program', (t) => {
  const {templates, ...sums} = summaryFields(results, 75);
  t.deepEqual(sums, {seconds: 75, done: 3, failed: 1, interrupted: 1, notStarted: 1});
  t.deepEqual(templates[1], results[1]);
  t.like(JSON.parse(JSON.stringify(templates[2])), {
    template: 'debian-13',
    outcome: 'failed',
    failure: {kind: 'template', log: 'output/logs/debian-13.log'},
  });
});
