import test from 'ava';
import {loggedErrors} from '../../../src/boot/init/openrc.ts';

test('errors in the log of busybox’s syslogd are those since its last start', (t) => {
  const messages = [
    'Nov 26 10:00:00 vps syslog.info syslogd started: BusyBox v1.36.1',
    'Nov 26 10:00:01 vps daemon.err old[7]: of another boot',
    'Nov 26 11:00:00 vps syslog.info syslogd started: BusyBox v1.36.1',
    'Nov 26 11:00:01 vps auth.info sshd[9]: Server listening',
    'Nov 26 11:00:02 vps daemon.err alas[8]: it failed',
    'Nov 26 11:00:03 vps kern.emerg alas[8]: worse',
    '',
  ];
  t.deepEqual(loggedErrors(messages.join('\n')), messages.slice(4, 6));
});

test('a log without priorities, and none at all, have no errors', (t) => {
  t.deepEqual(loggedErrors('Nov 26 11:00:02 vps alas[8]: it failed\n'), []);
  t.deepEqual(loggedErrors(''), []);
});
