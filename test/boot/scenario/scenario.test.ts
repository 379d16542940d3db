import test from 'ava';
import {expectEqual} from '../../../src/boot/expect/expect.ts';
import type {Member} from '../../../src/boot/member/member.ts';
import {listScenarios, selectScenarios} from '../../../src/boot/scenario/list.ts';
import type {ScenarioNode} from '../../../src/boot/scenario/node.ts';
import {runScenario} from '../../../src/boot/scenario/run.ts';
import {
  defineScenario,
  notApplicable,
  notChecked,
  type ScenarioTest,
} from '../../../src/boot/scenario/scenario.ts';
import {sharedContainer} from '../../../src/boot/scenario/shared-container.ts';
import {Failure} from '../../../src/failure.ts';
import type {CommandOptions} from '../../../src/host/command.ts';
import {forRelease} from '../../../src/recipe/distribution.ts';
import {recipe} from '../stand-in.ts';

const log = () => undefined;

/** A scenario that boots nothing, and so needs nothing of a node. */
function scenario(run: (test: ScenarioTest) => Promise<void>, limit = 5) {
  return defineScenario({name: 'example', title: 'An example', limit, run});
}

async function outcome(run: (test: ScenarioTest) => Promise<void>, limit?: number) {
  const {seconds, ...result} = await runScenario(scenario(run, limit), node, {log});
  return result;
}

const unused = () => {
  throw new Error('this scenario boots nothing');
};

const node: ScenarioNode = {
  recipe: forRelease(recipe, '1'),
  signal: new AbortController().signal,
  generations: ['today'],
  nest: [],
  hybrid: false,
  acceptExpired: false,
  nextIndex: unused,
  member: unused,
  probe: () => ({ping: unused, has: unused, newKey: unused, squashfs: unused, ssh: unused}),
  has: unused,
  withholds: () => undefined,
  mirrors: unused,
  keep: unused,
  [Symbol.asyncDispose]: unused,
};

test('what a report repeats of a container is bounded', async (t) => {
  const long = 'x'.repeat(1_000_000);
  const {reason = '', logs} = await outcome(async () => {
    throw new Failure(long, {lastLines: [long, 'short']});
  });
  t.regex(reason, /^x{4096} … and 995904 more characters in this line$/);
  t.deepEqual(logs, {'last lines': [reason, 'short']});
});

test('every file in scenarios is one, named like its file, with a limit', async (t) => {
  const scenarios = await listScenarios();
  const names = scenarios.map(({name}) => name);
  t.deepEqual(names, names.toSorted());
  for (const expected of [
    'dns',
    'health',
    'hostname',
    'ids',
    'identity',
    'lifecycle',
    'packages',
    'password',
  ]) {
    t.true(names.includes(expected), expected);
  }
  for (const expected of ['routed-2018', 'routed-today', 'ssh', 'stop']) t.true(names.includes(expected));
  t.true(scenarios.every(({limit, title}) => limit > 0 && title !== ''));
});

test('scenarios are chosen by name or by its beginning, in the order of the list', async (t) => {
  const scenarios = await listScenarios();
  const chosen = selectScenarios(scenarios, ['ssh', 'dns']);
  t.deepEqual(
    chosen.map(({name}) => name),
    ['dns', 'ssh'],
  );
  t.is(selectScenarios(scenarios, undefined).length, scenarios.length);
  const namesOf = (only: readonly string[]) => selectScenarios(scenarios, only).map(({name}) => name);
  t.deepEqual(namesOf(['routed', 'dns']), ['dns', 'routed-2018', 'routed-today', 'routed-versions']);
  t.deepEqual(namesOf(['cgroups']), ['cgroups']);
  const failure = t.throws(() => selectScenarios(scenarios, ['hostnam']), {instanceOf: Failure});
  t.is(failure?.message, 'there is no scenario hostnam; did you mean hostname?');
  t.is(failure?.exitCode, 2);
});

test('a scenario passes, fails, does not apply or was not checked', async (t) => {
  const named = {name: 'example', title: 'An example'};
  t.deepEqual(await outcome(async () => {}), {...named, outcome: 'passed'});
  t.deepEqual(await outcome(async () => expectEqual('the hostname', 'a', 'b')), {
    ...named,
    outcome: 'failed',
    reason: "the hostname: expected 'b', saw 'a'",
    logs: {},
  });
  t.deepEqual(await outcome(async () => notApplicable('it has no ssh')), {
    ...named,
    outcome: 'not applicable',
    reason: 'it has no ssh',
  });
  t.deepEqual(await outcome(async () => notChecked('no ping here')), {
    ...named,
    outcome: 'not checked',
    reason: 'no ping here',
  });
});

test('what a scenario measures is in its result', async (t) => {
  const {measured} = await outcome(async (test) => {
    test.measured({idleCpuPercent: 0.5});
    test.measured({idleMemoryBytes: 1024});
  });
  t.deepEqual(measured, {idleCpuPercent: 0.5, idleMemoryBytes: 1024});
});

test('a scenario that left something out can fail, but has not passed', async (t) => {
  const {outcome: seen, reason} = await outcome(async ({leaveOut}) => leaveOut('nobody is outside'));
  t.deepEqual([seen, reason], ['not checked', 'the rest is right, but nobody is outside']);
  const failed = await outcome(async ({leaveOut}) => {
    leaveOut('nobody is outside');
    expectEqual('the hostname', 'a', 'b');
  });
  t.is(failed.outcome, 'failed');
});

test('scenarios that only look share a container, with commands of their own', async (t) => {
  const asked: unknown[] = [];
  let booted = 0;
  let killed = 0;
  const member = {
    name: 'shared-1',
    start: async () => void booted++,
    kill: async () => void killed++,
    interfaces: () => [],
    logs: async () => ({console: ['the last line']}),
    run: async (argv: readonly string[], options: CommandOptions) => asked.push([argv, options.signal]),
  } as unknown as Member;
  const sharing = {...node, nextIndex: () => 1, member: async () => member};
  const signals: unknown[] = [];
  const look = (fails: boolean) =>
    scenario(async (test) => {
      signals.push(test.signal);
      await (await test.shared()).run(['look']);
      if (fails) expectEqual('what is seen', 'a', 'b');
    });
  {
    await using shared = sharedContainer(sharing, {log});
    const results = [];
    for (const fails of [false, true]) results.push(await runScenario(look(fails), sharing, {log, shared}));
    t.deepEqual(
      results.map(({outcome, logs}) => [outcome, logs]),
      [
        ['passed', undefined],
        ['failed', {'last commands': ['shared-1: look'], 'shared-1 console': ['the last line']}],
      ],
    );
    t.is(booted, 1);
    t.is(killed, 0);
    t.deepEqual(asked, [
      [['look'], signals[0]],
      [['look'], signals[1]],
    ]);
  }
  t.is(killed, 1);
});

test('a shared container that does not boot fails every scenario that asks for it', async (t) => {
  let killed = 0;
  const member = {
    name: 'shared-1',
    start: async () => expectEqual('the boot', 'stuck', 'running'),
    kill: async () => void killed++,
    logs: async () => ({}),
  } as unknown as Member;
  const sharing = {...node, nextIndex: () => 1, member: async () => member};
  const look = scenario(async (test) => void (await test.shared()));
  const reasons = [];
  {
    await using shared = sharedContainer(sharing, {log});
    for (let times = 0; times < 2; times++)
      reasons.push((await runScenario(look, sharing, {log, shared})).reason);
  }
  t.deepEqual(reasons, Array(2).fill("the boot: expected 'running', saw 'stuck'"));
  t.is(killed, 1);
});

test('a scenario past its limit says what it waited for', async (t) => {
  const {reason} = await outcome(async ({waitFor}) => {
    await waitFor('Godot', async () => false, 60);
  }, 0.2);
  t.regex(reason ?? '', /, waiting for: Godot$/);
});

test('an interruption is no failure of the template', async (t) => {
  const interrupted = new AbortController();
  const running = runScenario(
    scenario(async ({waitFor}) => {
      await waitFor('Godot', async () => false, 60);
    }),
    node,
    {signal: interrupted.signal, log},
  );
  interrupted.abort(new Failure('interrupted', {kind: 'interrupted'}));
  await t.throwsAsync(running, {message: 'interrupted'});
});
