/** A run as osctl-template reports it, for tests that look at its terminal: `node run.ts whole|endless|cancelled`. */
import {once} from 'node:events';
import {openReporter} from '../../../src/cli/report/open.ts';
import {localeFailure} from './locale-failure.ts';

const [, , kind] = process.argv;
const built = {outcome: 'built', serial: '20261123T153000Z', bytes: 89_312_256} as const;

await using reporter = openReporter({stream: process.stdout});
const {report} = reporter;
for (const template of ['debian-12', 'debian-13', 'fedora-44']) report({type: 'waiting', template});
for (const template of ['debian-12', 'debian-13']) report({type: 'started', template, log: 'a.log'});
report({type: 'step', template: 'debian-12', stage: 'bootstrap', step: 'mmdebstrap'});
report({type: 'step', template: 'debian-13', stage: 'configure', step: 'locale en_US.UTF-8'});
report({type: 'progress', template: 'debian-12', fraction: 0.5});
reporter.say('the mirror deb.example.org does not answer; going on with the next');

if (kind === 'whole') {
  report({type: 'finished', template: 'debian-12', seconds: 21, ...built});
  report({type: 'finished', template: 'debian-13', seconds: 12, outcome: 'failed', failure: localeFailure});
} else {
  const interruption = kind === 'cancelled' ? once(process, 'SIGINT') : new Promise<void>(() => undefined);
  const alive = setInterval(() => undefined, 1000);
  await interruption;
  clearInterval(alive);
  for (const template of ['debian-12', 'debian-13'])
    report({type: 'finished', template, seconds: 2, outcome: 'interrupted'});
}
reporter.finish();
reporter.say('the end');
