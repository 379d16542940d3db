import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout} from 'node:timers/promises';
import anyTest, {type ExecutionContext, type TestFn} from 'ava';
import {base} from '../../builders/base.ts';
import {toolsInit} from '../../src/builder/rootfs.ts';
import {lxcEngine} from '../../src/container/enclosure.ts';
import type {ContainerSpec, Enclosure, EnclosureSpec, Layer} from '../../src/container/engine.ts';
import {inNamespaces} from '../../src/container/namespaces.ts';
import {occupantsOf} from '../../src/container/occupants.ts';
import {listResidents, reap, removeResident} from '../../src/container/resident.ts';
import {Failure} from '../../src/failure.ts';
import {cgroupMounts} from '../../src/host/cgroups.ts';
import {readIdmap} from '../../src/host/idmap.ts';
import {layersOf} from '../fixtures/builders.ts';
import {residue, untilNothing} from '../fixtures/residue.ts';
import {temporaryFolder} from '../host/temporary.ts';

const test = anyTest as TestFn<{layers: readonly Layer[]}>;

test.before(async (t) => {
  t.context = {layers: await layersOf(base)};
});

const spec: EnclosureSpec = {
  title: 'engine-test',
  purpose: 'test',
  scratch: {medium: 'disk'},
  network: 'host',
};

type Changes = Partial<ContainerSpec>;

/** A started container of tools. */
async function start(
  t: ExecutionContext<{layers: readonly Layer[]}>,
  enclosure: Enclosure,
  changes: Changes = {},
) {
  const container = await enclosure.container({
    role: 'tools',
    layers: t.context.layers,
    veths: 'none',
    init: toolsInit,
    profile: 'tools',
    ...changes,
  });
  await container.start();
  return container;
}

test('a container is unprivileged and has exactly 524288 ids', async (t) => {
  const containers = await temporaryFolder(t);
  await using enclosure = await lxcEngine(containers).open(spec);
  const container = await start(t, enclosure);
  const {uid, gid} = await readIdmap();
  const maps = await container.run(['cat', '/proc/self/uid_map', '/proc/self/gid_map']);
  t.deepEqual(
    maps.split('\n').map((line) => line.trim().split(/\s+/)),
    [uid, gid].map((first) => ['0', String(first), '524288']),
  );
  await container.run(['sh', '-c', 'touch /file && chown 524287:524287 /file']);
  t.not((await container.try(['chown', '524288', '/file'])).exitCode, 0);
  t.not((await container.try(['mknod', '/null', 'c', '1', '3'])).exitCode, 0);
});

test('many at once on the same layers do not see what the others write', async (t) => {
  const containers = await temporaryFolder(t);
  const seen = await Promise.all(
    [1, 2, 3, 4].map(async (number) => {
      await using enclosure = await lxcEngine(containers).open(spec);
      const container = await start(t, enclosure);
      await container.run([
        'sh',
        '-c',
        `echo ${number} > /written-${number}; echo ${number} > /etc/hostname`,
      ]);
      return await container.run(['sh', '-c', 'echo /written-* $(cat /etc/hostname)']);
    }),
  );
  t.deepEqual(
    seen,
    [1, 2, 3, 4].map((number) => `/written-${number} ${number}`),
  );
  const [layer] = t.context.layers;
  const names = layer !== undefined && 'folder' in layer ? await readdir(layer.folder) : [];
  t.true(names.includes('usr'));
  t.deepEqual(
    names.filter((name) => name.startsWith('written')),
    [],
  );
});

test('the memory limit is in force, and the processor quota is set', async (t) => {
  const containers = await temporaryFolder(t);
  await using enclosure = await lxcEngine(containers).open(spec);
  const container = await start(t, enclosure, {limits: {memory: 64 * 2 ** 20, cpus: 0.5}});
  const holding = (megabytes: number) => `head -c ${megabytes}M /dev/zero | tail -c ${megabytes}M | wc -c`;
  t.is(await container.run(['sh', '-c', holding(16)]), String(16 * 2 ** 20));
  await t.throwsAsync(container.run(['sh', '-c', holding(200)]), {
    message: 'sh: the container reached its limit of 64 MiB of memory',
  });
  t.true(['50000', '50000 100000'].includes(await processorQuota(container.name)));
});

test('a scratch in memory takes no more than its size', async (t) => {
  const containers = await temporaryFolder(t);
  await using enclosure = await lxcEngine(containers).open({
    ...spec,
    scratch: {medium: 'tmpfs', bytes: 16 * 2 ** 20},
  });
  const container = await start(t, enclosure);
  const {exitCode, lastLines} = await container.try(['dd', 'if=/dev/zero', 'of=/large', 'bs=1M', 'count=32']);
  t.is(exitCode, 1);
  t.regex(lastLines.join('\n'), /No space left on device/);
});

test('what was written outlives a restart, and the environment is not this machine’s', async (t) => {
  process.env.OSCTL_TEMPLATE_SECRET = 'secret';
  const containers = await temporaryFolder(t);
  await using enclosure = await lxcEngine(containers).open(spec);
  const container = await start(t, enclosure);
  await container.run(['sh', '-c', 'echo kept > /kept']);
  t.false((await container.run(['env'])).includes('secret'));
  t.is(await container.stop(1), 'killed');
  t.false(await container.running());
  t.is(await container.runStopped(['cat', '/kept']), 'kept');
  await container.start();
  t.is(await container.run(['cat', '/kept']), 'kept');
});

for (const network of ['host', 'own'] as const) {
  test(`nothing is left after the end, nor after an error (network: ${network})`, async (t) => {
    const containers = await temporaryFolder(t);
    const names: string[] = [];
    const use = async (error?: Error) => {
      await using enclosure = await lxcEngine(containers).open({...spec, network});
      const container = await start(t, enclosure, network === 'own' ? {veths: []} : {});
      await container.run(['sh', '-c', 'setsid sleep 1000 >/dev/null 2>&1 &']);
      t.not((await residue(enclosure.name, containers)).length, 0);
      names.push(enclosure.name);
      if (error !== undefined) throw error;
    };
    await use();
    await t.throwsAsync(use(new Error('a step failed')), {message: 'a step failed'});
    t.is(names.length, 2);
    for (const name of names) t.deepEqual(await residue(name, containers), []);
  });
}

test('nothing is left when it ends while commands are about to enter', async (t) => {
  const containers = await temporaryFolder(t);
  const entering: Promise<unknown>[] = [];
  const use = async () => {
    await using enclosure = await lxcEngine(containers).open(spec);
    const container = await start(t, enclosure);
    for (let count = 0; count < 8; count += 1) entering.push(container.try(['true']).catch(() => undefined));
    return enclosure.name;
  };
  const name = await use();
  await Promise.all(entering);
  t.deepEqual(await residue(name, containers), []);
});

test('a container that cannot start says why, and leaves nothing', async (t) => {
  const containers = await temporaryFolder(t);
  let name = '';
  const use = async () => {
    await using enclosure = await lxcEngine(containers).open(spec);
    name = enclosure.name;
    await start(t, enclosure, {init: ['/no/such/init']});
  };
  const failure = await t.throwsAsync(use(), {message: /does not start$/});
  t.regex(String(Reflect.get(failure ?? {}, 'lastLines')), /no\/such\/init/);
  t.deepEqual(await residue(name, containers), []);
});

for (const [network, medium] of [
  ['host', 'disk'],
  ['own', 'tmpfs'],
] as const) {
  test(`nothing is left after a kill -9 (network: ${network}, ${medium})`, async (t) => {
    const containers = await temporaryFolder(t);
    const opener = await open(t, containers, network, medium);
    await opener.running();
    opener.kill('SIGKILL');
    t.deepEqual(await untilNothing(() => residue(opener.enclosure, containers)), []);
  });

  test(`after a kill -9 of the holder too, reap cleans up (network: ${network}, ${medium})`, async (t) => {
    const containers = await temporaryFolder(t);
    const opener = await open(t, containers, network, medium);
    await opener.running();
    const [resident] = await listResidents(containers);
    t.is(resident?.name, opener.enclosure);
    if (resident === undefined) return;
    for (const copy of [[], ['unshare', '--mount', '--propagation', 'private', '--']])
      await startHelper(
        inNamespaces({pid: resident.holder, ownNetwork: network === 'own'}, copy),
        resident.name,
      );
    process.kill(resident.holder, 'SIGKILL');
    opener.kill('SIGKILL');
    await opener.ended;
    t.deepEqual(await reap(containers), [opener.enclosure]);
    t.deepEqual(await untilNothing(() => residue(opener.enclosure, containers)), []);
  });
}

for (const network of ['host', 'own'] as const) {
  test(`when its holder is killed, everything in it fails and says so, and its end leaves nothing (network: ${network})`, async (t) => {
    const containers = await temporaryFolder(t);
    const failures: unknown[] = [];
    let name = '';
    const use = async () => {
      await using enclosure = await lxcEngine(containers).open({...spec, network});
      ({name} = enclosure);
      const container = await start(t, enclosure, network === 'own' ? {veths: []} : {});
      await startHelper(enclosure.inside(['unshare', '--mount', '--']), name);
      const started = Promise.withResolvers<void>();
      const log = () => started.resolve();
      const running = container.try(['sh', '-c', 'echo started; sleep 1000'], {log});
      await started.promise;
      const [resident] = await listResidents(containers);
      process.kill(resident?.holder ?? 0, 'SIGKILL');
      const later = [() => running, () => container.try(['true']), () => enclosure.run(['true'])];
      for (const each of later) failures.push(await each().catch((error: unknown) => error));
      failures.push(enclosure.signal.reason);
    };
    await use();
    t.is(failures.length, 4);
    for (const failure of failures) {
      t.true(failure instanceof Failure && failure.kind === 'machine', String(failure));
      t.is(String(failure), `Failure: the process that holds ${name}'s namespaces has ended`);
    }
    t.deepEqual(await untilNothing(() => residue(name, containers)), []);
  });
}

test('an enclosure whose name is a part of another’s is not taken for it', async (t) => {
  const containers = await temporaryFolder(t);
  await using enclosure = await lxcEngine(containers).open({...spec, network: 'own'});
  await startHelper(enclosure.inside([]), enclosure.name);
  t.not(occupantsOf({name: enclosure.name, ownNetwork: true}).length, 0);
  for (const other of [enclosure.name.slice(0, -1), enclosure.name.slice(1), `${enclosure.name}0`, '.*'])
    t.deepEqual(occupantsOf({name: other, ownNetwork: true}), [], other);
});

test('nor after one while the container is being prepared or started', async (t) => {
  const containers = await temporaryFolder(t);
  for (const milliseconds of [0, 30, 60, 90, 120, 150, 180]) {
    const opener = await open(t, containers, 'host', 'disk');
    await setTimeout(milliseconds);
    opener.kill('SIGKILL');
    const left = await untilNothing(() => residue(opener.enclosure, containers));
    t.deepEqual(left, [], `killed after ${milliseconds} ms`);
  }
});

test('reap leaves alone what is running; removing it ends it', async (t) => {
  const containers = await temporaryFolder(t);
  const opener = await open(t, containers, 'host', 'disk');
  await opener.running();
  t.deepEqual(await reap(containers), []);
  const [resident] = await listResidents(containers);
  t.truthy(resident);
  if (resident !== undefined) await removeResident(containers, resident);
  t.deepEqual(await untilNothing(() => residue(opener.enclosure, containers)), []);
});

/** A process of this machine that runs in an enclosure, by a command that leads there; its command line has a name. */
async function startHelper(inside: readonly string[], name: string): Promise<void> {
  const [program = '', ...args] = [...inside, 'sh', '-c', `echo started; sleep 1000; : ${name}`];
  const child = spawn(program, args, {stdio: ['ignore', 'pipe', 'ignore']});
  await once(child.stdout, 'data');
}

/** A process that has opened an enclosure, what ends when a container is running in it, and how to kill it. */
async function open(t: ExecutionContext, containers: string, network: string, medium: string) {
  const program = join(import.meta.dirname, 'opener.ts');
  const child = spawn(process.execPath, [program, containers, network, medium], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const ended = once(child, 'exit');
  const kill = (signal: NodeJS.Signals) => void child.kill(signal);
  t.teardown(() => kill('SIGKILL'));
  const lines = createInterface({input: child.stdout})[Symbol.asyncIterator]();
  const enclosure = String((await lines.next()).value);
  return {enclosure, kill, ended, running: () => lines.next()};
}

/** What the kernel has as a container's quota: `quota period` in version 2, the quota alone in version 1. */
async function processorQuota(container: string): Promise<string> {
  const files = cgroupMounts(await readFile('/proc/self/mounts', 'utf8')).flatMap((mount) =>
    ['cpu.max', 'cpu.cfs_quota_us'].map((file) => join(mount, `lxc.payload.${container}`, file)),
  );
  const found = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => undefined)));
  return found.find((text) => text !== undefined)?.trim() ?? 'none';
}
