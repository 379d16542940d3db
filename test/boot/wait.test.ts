import test from 'ava';
import {type Activity, waitFor} from '../../src/boot/wait.ts';
import {Failure} from '../../src/failure.ts';

test('the first answer that is one is given', async (t) => {
  const answers = [undefined, false, 'up'] as const;
  let asked = 0;
  t.is(await waitFor('an answer', async () => answers[asked++], 5), 'up');
  t.is(asked, 3);
});

test('a probe that fails has no answer yet', async (t) => {
  let asked = 0;
  const probe = async () => {
    asked += 1;
    if (asked < 3) throw new Failure('not yet');
    return asked;
  };
  t.is(await waitFor('an answer', probe, 5), 3);
});

test('running out of time says what was waited for and what the last try met', async (t) => {
  const activity: Activity = {now: undefined, commands: []};
  const probe = async () => {
    throw new Failure('connection refused', {lastLines: ['port 22']});
  };
  const failure = await t.throwsAsync(waitFor('an ssh server', probe, 0.1, {activity}), {
    instanceOf: Failure,
    message: 'waited 0.1 s for an ssh server; the last try: connection refused',
  });
  t.deepEqual(failure?.lastLines, ['port 22']);
  t.is(activity.now, 'an ssh server');
});

test('an error that is no Failure, and an abort, end the waiting', async (t) => {
  const broken = async () => {
    throw new TypeError('a mistake in the scenario');
  };
  await t.throwsAsync(waitFor('nothing', broken, 5), {instanceOf: TypeError});
  const signal = AbortSignal.abort(new Failure('interrupted'));
  await t.throwsAsync(
    waitFor('nothing', async () => false, 5, {signal}),
    {message: 'interrupted'},
  );
});
