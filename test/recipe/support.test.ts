import test from 'ava';
import {supportNote, supportOf} from '../../src/recipe/support.ts';

const release = {version: '13', endOfLife: '2026-11-27'};

test('support lasts through its last day, and its end is told 90 days before', (t) => {
  t.deepEqual(supportOf(release, '2026-08-28'), {state: 'supported', days: 91});
  t.deepEqual(supportOf(release, '2026-08-29'), {state: 'ends soon', days: 90});
  t.deepEqual(supportOf(release, '2026-11-27'), {state: 'ends soon', days: 0});
  t.deepEqual(supportOf(release, '2026-11-28'), {state: 'ended', days: -1});
  t.is(supportOf({}, '2026-11-28'), undefined);
});

test('one line says what a person should know', (t) => {
  t.is(supportNote(release, '2026-01-01'), undefined);
  t.is(supportNote(release, '2026-11-20'), 'support of 13 ends on 2026-11-27, in 7 days');
  t.is(supportNote(release, '2027-01-01'), 'support of 13 ended on 2026-11-27');
  t.is(supportNote({version: 'edge'}, '2027-01-01'), undefined);
});
