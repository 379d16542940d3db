import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {standInsFolder} from '../../stand-ins/shared/hash.ts';

/** What a service's depend() names, by the kind of relation. */
type Relations = ReadonlyMap<string, readonly string[]>;

/** Debian's package has these, which are OpenRC's real ones. */
const debian = ['agetty', 'cgroups', 'savecache'];

async function services(...folders: readonly string[]): Promise<Map<string, Relations>> {
  const found = new Map<string, Relations>(debian.map((name) => [name, new Map()]));
  for (const folder of folders.map((each) => join(standInsFolder, each, 'etc/init.d'))) {
    for (const name of await readdir(folder)) {
      const [, body = ''] =
        /^depend\(\) \{\n(.*?)^\}/ms.exec(await readFile(join(folder, name), 'utf8')) ?? [];
      const relations = new Map<string, string[]>();
      for (const [, kind = '', names = ''] of body.matchAll(
        /^\t(need|use|want|before|after|provide|keyword|config) (.+)$/gm,
      ))
        relations.set(kind, [...(relations.get(kind) ?? []), ...names.split(' ')]);
      found.set(name, relations);
    }
  }
  return found;
}

const gentoo = () => services('shared/openrc/files', 'gentoo/files/openrc');
const alpine = () =>
  services(
    'shared/openrc/files',
    ...['openrc', 'busybox-openrc', 'openssh'].map((name) => `alpine/files/${name}`),
  );

for (const [name, all] of [
  ['Gentoo', gentoo],
  ['Alpine', alpine],
] as const) {
  test(`${name} has every service that another one needs`, async (t) => {
    const found = await all();
    const provided = new Set([
      ...found.keys(),
      ...[...found.values()].flatMap((each) => each.get('provide') ?? []),
    ]);
    for (const [service, relations] of found)
      for (const needed of relations.get('need') ?? [])
        t.true(provided.has(needed), `${service} needs ${needed}`);
  });
}

test('Gentoo’s net.lo needs what the real one needs, which OpenRC leaves out of containers', async (t) => {
  const found = await gentoo();
  t.deepEqual(found.get('net.lo')?.get('need'), ['sysfs', 'localmount']);
  for (const name of ['sysfs', 'localmount']) t.true(found.get(name)?.get('keyword')?.includes('-lxc'), name);
});

test('Gentoo’s runlevels have services that exist', async (t) => {
  const found = await gentoo();
  const runlevels = await readFile(join(standInsFolder, 'gentoo/files/runlevels'), 'utf8');
  for (const line of runlevels.trim().split('\n')) {
    const [runlevel, ...names] = line.split(' ');
    for (const name of names) t.true(found.has(name), `${runlevel}: ${name}`);
  }
});
