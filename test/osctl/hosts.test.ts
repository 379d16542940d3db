import test from 'ava';
import {hostsWith, resolvConf, templateHosts} from '../../src/osctl/hosts.ts';

/** The lines of a hosts file without comments. */
function lines(hosts: string): string[] {
  return hosts.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
}

test("a template's hosts file gets the full name, then the short one, on both loopback lines", (t) => {
  t.deepEqual(lines(hostsWith(templateHosts, 'vps.example.org')), [
    '127.0.0.1 vps.example.org vps localhost',
    '::1 vps.example.org vps localhost ip6-localhost ip6-loopback',
  ]);
});

test('a name without dots stands there once', (t) => {
  t.deepEqual(lines(hostsWith(templateHosts, 'vps')), [
    '127.0.0.1 vps localhost',
    '::1 vps localhost ip6-localhost ip6-loopback',
  ]);
});

test('a new name takes the place of the previous one', (t) => {
  const before = hostsWith(templateHosts, 'old.example.org');
  t.is(hostsWith(before, 'new.example.net', 'old.example.org'), hostsWith(templateHosts, 'new.example.net'));
});

test('the same name again changes nothing', (t) => {
  const once = hostsWith(templateHosts, 'vps.example.org');
  t.is(hostsWith(once, 'vps.example.org', 'vps.example.org'), once);
});

test('names that only look like the previous one stay', (t) => {
  const hosts = '127.0.0.1 vps.example.org vps vps2 vps.example.com localhost\n::1 localhost\n';
  t.deepEqual(lines(hostsWith(hosts, 'new', 'vps.example.org')), [
    '127.0.0.1 new vps2 vps.example.com localhost',
    '::1 new localhost',
  ]);
});

test('a hostname as long as they get, with many dots, is written whole', (t) => {
  const label = 'a'.repeat(63);
  const long = `${label}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`;
  t.is(lines(hostsWith(templateHosts, long))[0], `127.0.0.1 ${long} ${label} localhost`);
});

test("the member's own lines and comments stay as they are", (t) => {
  const own = '# mine\n192.0.2.7\tdb.example.org  db\n127.0.1.1 other\n';
  const written = hostsWith(`${own}127.0.0.1 localhost\n::1 localhost\n`, 'vps');
  t.true(written.includes(own));
  t.is(written.match(/kept by osctld/g)?.length, 1);
});

test('resolvers are listed in their order', (t) => {
  t.is(
    resolvConf(['192.0.2.53', '2001:db8::53']),
    'nameserver 192.0.2.53\nnameserver 2001:db8::53\noptions edns0\n',
  );
});
