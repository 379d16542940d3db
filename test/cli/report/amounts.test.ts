import test from 'ava';
import {showBytes, showSeconds} from '../../../src/cli/report/amounts.ts';

test('seconds, minutes and hours', (t) => {
  t.deepEqual([0.2, 21.4, 59.6, 63, 3599.7, 7505].map(showSeconds), [
    '0 s',
    '21 s',
    '1m 00s',
    '1m 03s',
    '1h 00m',
    '2h 05m',
  ]);
});

test('bytes', (t) => {
  t.deepEqual([0, 412_000, 89_312_256, 1_234_567_890].map(showBytes), [
    '0.0 MB',
    '0.4 MB',
    '89.3 MB',
    '1.2 GB',
  ]);
});
