import test from 'ava';
import {instantiate} from '../../../src/boot/instantiate.ts';
import {bootObstacle, cgroupsFor} from '../../../src/boot/node/cgroups.ts';
import {listScenarios} from '../../../src/boot/scenario/list.ts';
import {testBuild} from '../../../src/boot/test-build.ts';
import type {Engine} from '../../../src/container/engine.ts';
import type {TemplateEvent} from '../../../src/event.ts';
import {packedBuild} from '../packed-build.ts';
import {recipe} from '../stand-in.ts';

/** An engine of a machine with or without cgroup v1, which must open nothing. */
function machine(v1: boolean): Engine {
  return {
    open: async () => {
      throw new Error('a container was opened');
    },
    offersCgroupsV1: async () => v1,
  };
}

const old = {...recipe, releases: [{version: '13', codename: 'old', cgroups: 'v1'} as const]};
const where = {scratch: {medium: 'disk'} as const, log: () => undefined};
const reason = 'its init needs cgroup v1, and this machine has only v2';

test('only an init that needs cgroup v1 cannot boot where there is only v2', async (t) => {
  t.is(await bootObstacle(machine(false), {cgroups: 'v1'}), reason);
  t.is(await bootObstacle(machine(true), {cgroups: 'v1'}), undefined);
  for (const cgroups of ['any', 'v2'] as const) {
    t.is(await bootObstacle(machine(false), {cgroups}), undefined);
    t.is(cgroupsFor({cgroups}), 'v2');
  }
});

test('its scenarios are not checked there, and say why; none has passed', async (t) => {
  const events: TemplateEvent[] = [];
  const report = await testBuild(await packedBuild(t), old, {
    ...where,
    engine: machine(false),
    probe: [],
    report: (event) => events.push(event),
  });
  t.deepEqual(
    report.scenarios.map(({name, outcome, reason}) => [name, outcome, reason]),
    (await listScenarios()).map(({name}) => [name, 'not checked', reason]),
  );
  t.is(events.filter((event) => event.type === 'scenario').length, report.scenarios.length);
});

test('and to look into it takes another machine', async (t) => {
  const options = {...where, engine: machine(false), title: 'look'};
  await t.throwsAsync(instantiate(await packedBuild(t), old, options), {message: new RegExp(reason)});
});
