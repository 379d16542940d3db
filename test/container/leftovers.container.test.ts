import {readdir, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {base} from '../../builders/base.ts';
import {toolsContainer} from '../../src/builder/rootfs.ts';
import {lxcEngine} from '../../src/container/enclosure.ts';
import type {Container, ContainerSpec, EnclosureSpec, Layer} from '../../src/container/engine.ts';
import {processesOf} from '../../src/container/processes.ts';
import {Failure} from '../../src/failure.ts';
import {layersOf} from '../fixtures/builders.ts';
import {temporaryFolder} from '../host/temporary.ts';

const test = anyTest as TestFn<{layers: readonly Layer[]}>;

test.before(async (t) => {
  t.context = {layers: await layersOf(base)};
});

/** A container of tools in an enclosure of its own, until the test is over. */
async function open(
  t: ExecutionContext<{layers: readonly Layer[]}>,
  spec: Partial<ContainerSpec> = {},
  network: EnclosureSpec['network'] = 'host',
  containers?: string,
): Promise<Container> {
  const enclosure = await lxcEngine(containers ?? (await temporaryFolder(t))).open({
    title: 'leftovers',
    purpose: 'test',
    scratch: {medium: 'disk'},
    network,
  });
  t.teardown(() => enclosure[Symbol.asyncDispose]());
  const veths = network === 'own' ? {veths: []} : {};
  const tools = {...toolsContainer, role: 'tools', layers: t.context.layers};
  const container = await enclosure.container({...tools, ...veths, ...spec});
  await container.start();
  return container;
}

/** What is running in a container, as it sees itself. */
async function titles(container: Container): Promise<string> {
  return container.run(['sh', '-c', 'for file in /proc/[0-9]*/cmdline; do tr "\\0" " " <$file; echo; done']);
}

const leaving: Readonly<Record<string, string>> = {
  'in the background': 'sleep 601 & true',
  'with its outputs closed': 'sleep 602 >/dev/null 2>&1 & true',
  'in a session of its own': 'setsid -f sleep 603; true',
  'with an empty environment': 'env -i setsid -f sleep 604; true',
  'two deep': '(setsid sh -c "sleep 605 & wait" &) ; true',
};

for (const network of ['host', 'own'] as const) {
  test(`what a command leaves running is ended with it, and named: ${network} network`, async (t) => {
    const container = await open(t, {exclusive: true}, network);
    for (const [how, script] of Object.entries(leaving)) {
      const lines: string[] = [];
      const answer = await container.run(['sh', '-c', `echo answer; ${script}`], {
        limit: 60,
        log: (line) => lines.push(line),
      });
      t.is(answer, 'answer', how);
      t.true(
        lines.some((line) => /^left running, and ended: .*sleep 60\d/.test(line)),
        `${how}: ${lines.join('; ')}`,
      );
      t.notRegex(await titles(container), /sleep 60\d/, how);
    }
  });
}

test('what a failed command leaves running is ended, too', async (t) => {
  const container = await open(t, {exclusive: true});
  const failing = container.run(['sh', '-c', 'sleep 606 & echo why; exit 3'], {limit: 60});
  t.deepEqual((await t.throwsAsync(failing, {instanceOf: Failure})).lastLines.slice(0, 1), ['why']);
  t.notRegex(await titles(container), /sleep 606/);
});

test('commands that run at the same time are not ended by each other', async (t) => {
  const container = await open(t, {exclusive: true});
  async function* answer() {
    await container.run(['sh', '-c', 'sleep 607 & true']);
    yield 'alive\n';
  }
  t.is(await container.run(['head', '-n', '1'], {input: Readable.from(answer()), limit: 60}), 'alive');
});

test('a server that is to stay stays, and what has another parent does too', async (t) => {
  const container = await open(t);
  await container.run(['sh', '-c', 'sleep 608 >/dev/null 2>&1 & true'], {background: true});
  const lines: string[] = [];
  await container.run(['sh', '-c', 'sleep 609 & true'], {log: (line) => lines.push(line)});
  t.deepEqual(lines, ['left running, and ended: sleep 609']);
  t.regex(await titles(container), /sleep 608/);
});

for (const network of ['host', 'own'] as const) {
  test(`a fork bomb meets the limit of processes, and nothing of it stays: ${network} network`, async (t) => {
    const container = await open(t, {exclusive: true, limits: {processes: 200}}, network);
    const bomb = container.run(['sh', '-c', 'f() { f | f & }; f; sleep 1'], {limit: 60});
    const failure = await t.throwsAsync(bomb, {instanceOf: Failure});
    t.regex(failure?.message ?? '', /the container reached its limit of 200 processes$/);
    t.regex(failure?.remedy ?? '', /--processes/);
    t.is(await container.run(['echo', 'alive']), 'alive');
  });
}

test('a system container has limits of its own, on whatever hierarchies it sees', async (t) => {
  const container = await open(t, {profile: 'system', limits: {memory: 64 * 2 ** 20}}, 'own');
  const holding = 'head -c 200M /dev/zero | tail -c 200M | wc -c';
  const failure = await t.throwsAsync(container.run(['sh', '-c', holding]), {instanceOf: Failure});
  t.regex(failure?.message ?? '', /the container reached its limit of 64 MiB of memory$/);
  t.regex(failure?.remedy ?? '', /--memory/);
});

test('what a console prints is bounded, and its end is kept', async (t) => {
  const containers = await temporaryFolder(t);
  const container = await open(t, {profile: 'system'}, 'own', containers);
  const noise =
    'yes 0123456789 | head -c 20000000; head -c 5000000 /dev/zero | tr "\\0" x; echo; echo the end';
  await container.run(['sh', '-c', `(${noise}) >/dev/console`], {limit: 60});
  let lines: readonly string[] = [];
  do ({console: lines = []} = await container.logs());
  while (lines.at(-1) !== 'the end');
  t.true(lines.join('').length < 20 * 5000, 'long lines are cut');
  const [enclosure = ''] = await readdir(containers);
  const folder = join(containers, enclosure, container.name);
  const sizes = ['console.log', 'console.log.1'].map(async (name) => (await stat(join(folder, name))).size);
  for (const size of await Promise.all(sizes)) t.true(size <= 2 ** 20, `${size} bytes`);
});

test('an endless line costs little memory, and ends at the limit', async (t) => {
  const container = await open(t, {exclusive: true});
  const before = process.memoryUsage().rss;
  const endless = container.run(['sh', '-c', "yes | tr -d '\\n'"], {limit: 4, log: () => undefined});
  await t.throwsAsync(endless, {message: /took longer than 4 s/});
  t.true(process.memoryUsage().rss - before < 600 * 2 ** 20);
  t.is(processesOf({name: container.name, holder: process.pid}).length, 1);
});
