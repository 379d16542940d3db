import {PassThrough} from 'node:stream';
import {stripVTControlCharacters} from 'node:util';
import test from 'ava';
import {failureFields, printFailure, renderFailure} from '../../../src/cli/report/failure.ts';
import {Failure} from '../../../src/failure.ts';
import {localeFailure} from './locale-failure.ts';

delete process.env.FORCE_COLOR; // somebody may want AVA's colours, even in a pipe

test('a failure says what happened, what was printed last, where the log is and what to try', (t) => {
  t.is(
    renderFailure(localeFailure),
    `✘ debian-13: configure, locale en_US.UTF-8: locale-gen ended with exit code 1
    Generating locales...
    cannot create locale archive: No space left on device
  log: output/logs/debian-13.log
  try: Make room in the tree,
       or build it on the disk: --tree disk`,
  );
});

test('only what is known is said', (t) => {
  t.is(renderFailure(new Failure('no template is called debain')), '✘ no template is called debain');
});

test('several mistakes stand below each other', (t) => {
  const failure = new Failure('a.yml:3: vendor is missing\na.yml:5: jobs must be a number', {kind: 'usage'});
  t.is(renderFailure(failure), '✘ a.yml:3: vendor is missing\n  a.yml:5: jobs must be a number');
});

test('colours, only where they are asked for', (t) => {
  const coloured = renderFailure(localeFailure, {colour: true});
  t.true(coloured.includes('\u001B[31m✘\u001B[39m'));
  t.true(coloured.includes('\u001B[2m    Generating locales...\u001B[22m'));
  t.is(stripVTControlCharacters(coloured), renderFailure(localeFailure));
});

test('a failure has no stack, a bug has one and says where to report it', (t) => {
  t.false(renderFailure(localeFailure).includes('failure.test.ts'));
  const bug = renderFailure(new TypeError('x is not a function'));
  t.regex(bug, /^✘ TypeError: x is not a function\n +at .*failure\.test\.ts/);
  t.regex(bug, /\n {2}try: This is a bug in osctl-template\. Please report it/);
});

test('a thrown value that is no error is a bug as well', (t) => {
  t.regex(renderFailure({code: 7}), /^✘ \{ code: 7 \}\n {2}try: This is a bug/);
});

test('printing ends the line, and a pipe gets no colours', (t) => {
  const stream = new PassThrough();
  printFailure(new Failure('nothing to build'), stream);
  t.is(String(stream.read()), '✘ nothing to build\n');
});

test('the fields of a JSON event', (t) => {
  t.deepEqual(failureFields(new Failure('no id range', {kind: 'machine', remedy: 'Run: npm run setup'})), {
    kind: 'machine',
    message: 'no id range',
    lastLines: [],
    recipe: undefined,
    log: undefined,
    remedy: 'Run: npm run setup',
  });
  t.is(failureFields(new TypeError('x')).kind, 'bug');
});
