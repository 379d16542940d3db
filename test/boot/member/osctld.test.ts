import test from 'ava';
import {changeHostname, changeResolvers, writeSettings} from '../../../src/boot/member/osctld.ts';
import type {Rootfs} from '../../../src/recipe/rootfs.ts';
import {treeWith} from '../../fixtures/tree-with.ts';
import {osctl} from '../stand-in.ts';

/** A tree of files in memory; `kept` ones have no owner write bit. */
function memory(files: Record<string, string>, kept: readonly string[] = []) {
  const commands: string[] = [];
  const rootfs: Rootfs = {
    ...treeWith({files}),
    async run(command) {
      commands.push(command.join(' '));
      return '';
    },
    async write(entries, {keepReadOnly} = {}) {
      for (const entry of entries) {
        const stays = keepReadOnly === true && kept.includes(entry.path);
        if ('content' in entry && !stays) files[entry.path] = String(entry.content);
      }
    },
  };
  return {rootfs, commands};
}

const hosts = '127.0.0.1 localhost\n::1 localhost\n';

test('before a start osctld writes hostname, hosts, resolvers and network', async (t) => {
  const files: Record<string, string> = {'/etc/hosts': hosts};
  const settings = {
    generation: 'today',
    interfaces: [],
    hostname: 'a.example.org',
    resolvers: ['203.0.113.53'],
  } as const;
  await writeSettings(memory(files).rootfs, osctl, settings);
  t.is(files['/etc/hostname'], 'a.example.org\n');
  t.is(files['/etc/resolv.conf'], 'nameserver 203.0.113.53\noptions edns0\n');
  t.regex(files['/etc/hosts'] ?? '', /^127\.0\.0\.1 a\.example\.org a localhost$/m);
  t.true('/etc/network/interfaces' in files);
});

test("a file without its owner write bit is the member's", async (t) => {
  const files: Record<string, string> = {'/etc/resolv.conf': 'mine'};
  await changeResolvers(memory(files, ['/etc/resolv.conf']).rootfs, osctl, ['203.0.113.53']);
  t.is(files['/etc/resolv.conf'], 'mine');
});

test('a new hostname takes the place of the old in a running container', async (t) => {
  const files: Record<string, string> = {
    '/etc/hosts': '127.0.0.1 a.example.org a localhost\n::1 localhost\n',
  };
  const {rootfs, commands} = memory(files);
  await changeHostname(rootfs, osctl, 'b.example.org', 'a.example.org');
  t.regex(files['/etc/hosts'] ?? '', /^127\.0\.0\.1 b\.example\.org b localhost$/m);
  t.deepEqual(commands, ['hostname -F /etc/hostname']);
});
