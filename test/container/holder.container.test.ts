import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {setTimeout} from 'node:timers/promises';
import type {ExecutionContext} from 'ava';
import {lxcEngine} from '../../src/container/enclosure.ts';
import {inNamespaces} from '../../src/container/namespaces.ts';
import {occupantsOf} from '../../src/container/occupants.ts';
import {listResidents, reap, removeResident} from '../../src/container/resident.ts';
import {Failure} from '../../src/failure.ts';
import {residue, untilNothing} from '../fixtures/residue.ts';
import {temporaryFolder} from '../host/temporary.ts';
import {spec, start, test} from './tools.ts';

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

test('nothing is left after a kill -9 while the container is being prepared or started', async (t) => {
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
