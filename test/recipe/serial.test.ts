import test from 'ava';
import {freeSerial, parseSerial, serialOf, timeOf} from '../../src/recipe/serial.ts';

test('a serial is a time to the second, in UTC', (t) => {
  t.is(serialOf(new Date('2026-11-23T15:30:00.999Z')), '20261123T153000Z');
  t.is(timeOf('20261123T153000Z').toISOString(), '2026-11-23T15:30:00.000Z');
  const odd = [
    '',
    '20261123',
    '20261323T153000Z',
    '20261123T153000',
    '20261123T153000Z.log',
    '../20261123T153000Z',
  ];
  for (const serial of odd) t.is(parseSerial(serial), undefined, serial);
  t.throws(() => timeOf('today'), {message: /today is not a serial/});
});

test('a build never gets a serial that one of its template has, nor an older one', (t) => {
  const wanted = '20261123T153000Z';
  t.is(freeSerial(wanted, []), wanted);
  t.is(freeSerial(wanted, ['20261123T152959Z', '.20261124T000000Z.tmp']), wanted);
  t.is(freeSerial(wanted, [wanted]), '20261123T153001Z');
  t.is(freeSerial(wanted, ['20261231T235959Z', wanted]), '20270101T000000Z');
});
