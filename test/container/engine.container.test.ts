import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {lxcEngine} from '../../src/container/enclosure.ts';
import {cgroupMounts} from '../../src/host/cgroups.ts';
import {readIdmap} from '../../src/host/idmap.ts';
import {residue} from '../fixtures/residue.ts';
import {temporaryFolder} from '../host/temporary.ts';
import {spec, start, test} from './tools.ts';

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

/** What the kernel has as a container's quota: `quota period` in version 2, the quota alone in version 1. */
async function processorQuota(container: string): Promise<string> {
  const files = cgroupMounts(await readFile('/proc/self/mounts', 'utf8')).flatMap((mount) =>
    ['cpu.max', 'cpu.cfs_quota_us'].map((file) => join(mount, `lxc.payload.${container}`, file)),
  );
  const found = await Promise.all(files.map((file) => readFile(file, 'utf8').catch(() => undefined)));
  return found.find((text) => text !== undefined)?.trim() ?? 'none';
}
