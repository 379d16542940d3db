import test from 'ava';
import {renderEvent} from '../../../src/cli/report/plain.ts';
import type {TemplateEvent} from '../../../src/event.ts';
import {localeFailure} from './locale-failure.ts';

const template = 'debian-13';

function line(event: TemplateEvent): string | undefined {
  return renderEvent(event, {seconds: 12, nameWidth: 11, colour: false});
}

test('a line an event, with the time and the template in front', (t) => {
  t.is(
    line({template, type: 'step', stage: 'configure', step: 'locale en_US.UTF-8'}),
    '   12 s  debian-13    configure: locale en_US.UTF-8',
  );
  t.is(
    line({template, type: 'note', message: 'making the builder apt'}),
    '   12 s  debian-13    making the builder apt',
  );
  t.is(line({template, type: 'started', log: 'logs/a.log'}), '   12 s  debian-13    log: logs/a.log');
});

test('what scenarios found', (t) => {
  const scenario = (outcome: string, reason?: string) =>
    line({
      template,
      type: 'scenario',
      scenario: 'reboot',
      outcome,
      ...(reason === undefined ? {} : {reason}),
    });
  t.is(scenario('passed'), '   12 s  debian-13    ✔ reboot');
  t.is(scenario('failed', 'no answer within 30 s'), '   12 s  debian-13    ✘ reboot: no answer within 30 s');
  t.is(
    scenario('not checked', 'no cgroup v1 here'),
    '   12 s  debian-13    ! reboot not checked: no cgroup v1 here',
  );
});

test('how templates ended', (t) => {
  const done = {outcome: 'built', serial: '20261123T153000Z', bytes: 89_312_256} as const;
  t.is(
    line({template, type: 'finished', seconds: 12, ...done}),
    '   12 s  ✔ debian-13 built in 12 s, 89.3 MB, 20261123T153000Z',
  );
  t.is(
    line({template, type: 'finished', seconds: 12, outcome: 'interrupted'}),
    '   12 s  ! debian-13 interrupted after 12 s',
  );
  t.is(
    line({template, type: 'finished', seconds: 12, outcome: 'failed', failure: localeFailure}),
    `   12 s  ✘ debian-13 failed in 12 s: configure, locale en_US.UTF-8: locale-gen ended with exit code 1
             Generating locales...
             cannot create locale archive: No space left on device
           log: output/logs/debian-13.log
           try: Make room in the tree,
                or build it on the disk: --tree disk`,
  );
});

test('a log is not filled with progress', (t) => {
  t.is(line({template, type: 'progress', fraction: 0.5}), undefined);
  t.is(line({template, type: 'waiting'}), undefined);
  t.is(line({template, type: 'stage', stage: 'pack'}), undefined);
});
