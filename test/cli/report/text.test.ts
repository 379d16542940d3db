import test from 'ava';
import {printable, truncated} from '../../../src/cli/report/text.ts';

test('what a program printed cannot move the cursor, change colours or ring the bell', (t) => {
  t.is(printable('\u001B[31mred\u001B[0m\u001B[2J\u0007 \u009B1A\tend'), 'red   end');
  t.is(printable('\u001B]0;title\u0007text'), 'text');
});

test('text of several lines is one, in the order in which it is written', (t) => {
  t.is(printable('first\r\nsecond\nthird \u202egnp.exe'), 'first second third \\u202egnp.exe');
});

test('a progress display is as it was last seen', (t) => {
  t.is(printable(' 10 %\r 50 %\r100 %\r'), '100 %');
});

test('text is cut at a width', (t) => {
  t.is(truncated('abcdef', 6), 'abcdef');
  t.is(truncated('abcdef', 5), 'abcd…');
  t.is(truncated('äöü✔', 3), 'äö…');
  t.is(truncated('abc', 0), '');
});
