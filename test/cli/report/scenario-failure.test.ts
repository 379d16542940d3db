import test from 'ava';
import {testFailure} from '../../../src/cli/report/scenario-failure.ts';
import type {ScenarioResult} from '../../../src/image/manifest.ts';

const lines = (count: number) => Array.from({length: count}, (_, index) => `line ${index + 1}`);

const failed: ScenarioResult = {
  name: 'capabilities',
  title: 'A user who is not root pings',
  outcome: 'failed',
  seconds: 1,
  reason: 'a ping by the user nobody failed',
  logs: {
    'last commands': ['shared-1: su nobody -c ping'],
    'last lines': ['ping: not permitted'],
    'shared-1 lxc': lines(9),
    'shared-1 console': lines(9),
    'shared-1 journal': lines(9),
  },
};

test('a failed scenario shows the command, what it said, the ends of console and journal, and how to see more', (t) => {
  const {message, lastLines, log, remedy} = testFailure('debian-13', [failed], {
    log: 'logs/a.log',
    report: 'a/test-report.json',
  });
  t.is(message, 'debian-13: test: capabilities: a ping by the user nobody failed');
  t.deepEqual(lastLines, [
    'capabilities',
    '  last commands:',
    '    shared-1: su nobody -c ping',
    '  last lines:',
    '    ping: not permitted',
    '  shared-1 console:',
    ...lines(9)
      .slice(-5)
      .map((line) => `    ${line}`),
    '  shared-1 journal:',
    ...lines(9)
      .slice(-8)
      .map((line) => `    ${line}`),
  ]);
  t.is(log, 'logs/a.log');
  t.is(
    remedy,
    'a/test-report.json has all logs.\n`osctl-template test debian-13 capabilities --keep` leaves the containers running, to look around in.',
  );
});

test('one whose containers were kept shows how to enter them', (t) => {
  const enter = ['osctl-template ct exec --role shared-1 debian-13-1a2b3c'];
  const {lastLines, remedy} = testFailure('debian-13', [{...failed, enter}], {log: 'a.log'});
  t.is(lastLines.at(-1), `  a shell in it: ${enter[0]}`);
  t.is(remedy, 'a.log has all logs.');
});

test('of many, the reasons are all told, and three in full', (t) => {
  const many = [1, 2, 3, 4].map((number) => ({...failed, name: `scenario-${number}`}));
  const {message, lastLines} = testFailure('debian-13', many, {log: 'a.log'});
  t.is(message.split('\n').length, 4);
  t.is(lastLines.filter((line) => line.startsWith('scenario-')).length, 3);
});

test('nothing that could be checked is a failure, too', (t) => {
  const unchecked = {...failed, outcome: 'not checked', reason: 'its init needs cgroup v1'} as const;
  const {message, remedy} = testFailure('debian-8', [unchecked], {log: 'a.log'});
  t.is(message, 'debian-8: test: nothing of it could be checked: its init needs cgroup v1');
  t.regex(remedy ?? '', /not published/);
});
