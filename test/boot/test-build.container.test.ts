import {readdir} from 'node:fs/promises';
import test from 'ava';
import {type TestOptions, testBuild} from '../../src/boot/test-build.ts';
import type {TemplateEvent} from '../../src/event.ts';
import {Failure} from '../../src/failure.ts';
import {buildFiles} from '../../src/image/manifest.ts';
import {type BootFixture, bootFixture} from '../fixtures/debian-build.ts';
import {machineDependent} from '../fixtures/inconclusive.ts';

let fixture: BootFixture;

test.before(async () => {
  fixture = await bootFixture();
});

function run(options: Partial<TestOptions> = {}) {
  const {engine, scratch, probe} = fixture;
  const standard = {engine, scratch, probe, report: () => undefined, log: () => undefined};
  return testBuild(fixture.build, fixture.distribution, {...standard, ...options});
}

/** Some that share a container, and some that have their own; all of them run in `test/cli/deploy.container.test.ts`. */
const some = ['clock', 'dns', 'health', 'identity', 'ids', 'kvm', 'routed-today', 'ssh', 'stop'];

test.serial('a Debian template passes, everything is told, and nothing of the test stays', async (t) => {
  const events: TemplateEvent[] = [];
  const report = await run({only: some, report: (event) => events.push(event)});
  t.deepEqual(
    report.scenarios.filter(({name, outcome}) => outcome !== 'passed' && !machineDependent.includes(name)),
    [],
  );
  t.true(report.passed);
  const archive = fixture.build.manifest.files[buildFiles.imageArchive];
  t.is(report.image, archive?.sha256 ?? 'not listed');
  t.deepEqual(
    report.scenarios.map(({name}) => name),
    some,
  );
  const told = events.flatMap((event) => (event.type === 'scenario' ? [event.scenario] : []));
  t.deepEqual(told.toSorted(), some);
  const left = (await readdir(fixture.containers)).filter((name) => name.startsWith('debian-13-'));
  t.deepEqual(left, []);
});

test.serial('two tests at once share no address', async (t) => {
  const only = ['bridged', 'dhcp', 'routed-today'];
  const reports = await Promise.all([run({only}), run({only})]);
  const outcomes = reports.flatMap(({scenarios}) => scenarios.map(({outcome}) => outcome));
  t.deepEqual(new Set(outcomes), new Set(['passed']));
});

test.serial('only what was asked for is run', async (t) => {
  const report = await run({only: ['packages']});
  t.deepEqual(
    report.scenarios.map(({name, outcome}) => [name, outcome]),
    [['packages', 'passed']],
  );
});

test.serial('an interrupted test throws what interrupted it, and leaves nothing', async (t) => {
  const interrupted = new AbortController();
  const report = (event: TemplateEvent) => {
    if (event.type === 'step') interrupted.abort(new Failure('interrupted', {kind: 'interrupted'}));
  };
  await t.throwsAsync(run({report, signal: interrupted.signal}), {message: 'interrupted'});
  const left = (await readdir(fixture.containers)).filter((name) => name.startsWith('debian-13-'));
  t.deepEqual(left, []);
});

test.serial('a test past its limit says so in every scenario that was not done', async (t) => {
  const {passed, scenarios} = await run({limit: 25, concurrency: 1});
  t.false(passed);
  const failed = scenarios.filter(({outcome}) => outcome === 'failed');
  t.true(failed.length > 0);
  for (const {reason} of failed)
    t.regex(reason ?? '', /^took longer than \d+ s|^the whole test took too long/);
});
