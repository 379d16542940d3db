import test from 'ava';
import {
  type Inventory,
  type InventoryEntry,
  parseCapabilities,
  parseListing,
} from '../../src/pipeline/inspect/inventory.ts';
import {violations} from '../../src/pipeline/inspect/rules.ts';

const plain = {type: 'f', uid: 0, gid: 0, mode: 0o644, bytes: 0};
const at = (path: string, rest: Partial<InventoryEntry> = {}): InventoryEntry => ({path, ...plain, ...rest});

const clean: Inventory = {
  entries: [
    at('/etc/machine-id', {mode: 0o444}),
    at('/etc/resolv.conf'),
    at('/etc/passwd', {bytes: 80}),
    at('/etc/shadow', {bytes: 40, gid: 42, mode: 0o640}),
    at('/dev', {type: 'd'}),
    at('/run', {type: 'd'}),
    at('/tmp', {type: 'd', mode: 0o1777}),
    at('/var/log', {type: 'd'}),
    at('/var/log/journal', {type: 'd'}),
    at('/usr/bin/ping', {bytes: 90}),
    at('/home/member', {type: 'd', uid: 524_287, gid: 524_287}),
  ],
  capabilities: new Map([['/usr/bin/ping', '0100000200200000000000000000000000000000']]),
  traces: [],
  contents: {
    '/etc/machine-id': '',
    '/etc/resolv.conf': '',
    '/etc/passwd': 'root:x:0:0:root:/root:/bin/bash\nsync:*:4:65534::/bin:/bin/sync\n',
    '/etc/shadow': 'root:!:20000:0:99999:7:::\ndaemon:*:20000:0:99999:7:::\nsshd:!*:20000::::::\n',
  },
};

test('a sealed tree passes', (t) => {
  t.deepEqual(violations(clean, ['/var/cache/apt/*']), []);
});

const leftovers: readonly InventoryEntry[] = [
  at('/etc/.pwd.lock'),
  at('/etc/hostname'),
  at('/etc/ssh/ssh_host_ed25519_key'),
  at('/etc/ssh/ssh_host_rsa_key.pub'),
  at('/etc/passwd-'),
  at('/etc/group-'),
  at('/etc/shadow-'),
  at('/etc/gshadow-'),
  at('/etc/subuid-'),
  at('/etc/subgid-'),
  at('/dev/shm', {type: 'd'}),
  at('/root/.bash_history'),
  at('/run/lock', {type: 'd'}),
  at('/run/.hidden'),
  at('/tmp/x'),
  at('/tmp/.X11-unix', {type: 'd'}),
  at('/usr/sbin/policy-rc.d'),
  at('/var/cache/ldconfig/aux-cache'),
  at('/var/lib/dbus/machine-id', {type: 'l'}),
  at('/var/lib/systemd/credential.secret'),
  at('/var/lib/systemd/random-seed'),
  at('/var/tmp/x'),
  at('/var/cache/apt/pkgcache.bin'),
  at('/var/log/apt/term.log'),
  at('/var/log/a\nb'),
  at('/usr/lib/null', {type: 'c'}),
  at('/usr/lib/loop', {type: 'b'}),
  at('/srv/other', {uid: 65_534}),
  at('/srv/others', {gid: 65_534}),
  at('/srv/far', {uid: 524_288}),
];

for (const entry of leftovers) {
  test(`${JSON.stringify(entry.path)} (${entry.type}, ${entry.uid}:${entry.gid}) is found`, (t) => {
    const found = violations({...clean, entries: [...clean.entries, entry]}, ['/var/cache/apt/*']);
    t.deepEqual(
      found.map(({path}) => path),
      [entry.path],
    );
  });
}

const rewritten: readonly (readonly [what: string, changes: Partial<Inventory>, path: string])[] = [
  ['a machine id', {contents: {...clean.contents, '/etc/machine-id': 'c0ffee\n'}}, '/etc/machine-id'],
  ['no machine-id', {entries: without('/etc/machine-id')}, '/etc/machine-id'],
  [
    'a resolver that is a link',
    {entries: [...without('/etc/resolv.conf'), at('/etc/resolv.conf', {type: 'l'})]},
    '/etc/resolv.conf',
  ],
  ['a resolver', {contents: {...clean.contents, '/etc/resolv.conf': 'nameserver ::1\n'}}, '/etc/resolv.conf'],
  [
    'a password',
    {contents: {...clean.contents, '/etc/shadow': 'root:$y$j9T$x:1::::::\n'}},
    '/etc/shadow (root)',
  ],
  [
    'no password needed',
    {contents: {...clean.contents, '/etc/shadow': 'games::1::::::\n'}},
    '/etc/shadow (games)',
  ],
  [
    'a group’s password',
    {contents: {...clean.contents, '/etc/gshadow': 'staff:$y$j9T$x::\nadm:!::\n_ssh:!*::\nusers:::\n'}},
    '/etc/gshadow (staff)',
  ],
  [
    'a password in passwd',
    {contents: {...clean.contents, '/etc/passwd': 'u:ab:1:1::/:\n'}},
    '/etc/passwd (u)',
  ],
  [
    'no password needed in passwd',
    {contents: {...clean.contents, '/etc/passwd': 'u::1:1::/:\n'}},
    '/etc/passwd (u)',
  ],
  [
    'a capability of one namespace',
    {capabilities: new Map([['/usr/bin/ping', '010000030020000000000000000000000000000040420f00']])},
    '/usr/bin/ping',
  ],
  ['the path of the build', {traces: ['/usr/lib/x.conf']}, '/usr/lib/x.conf'],
];

for (const [what, changes, path] of rewritten) {
  test(`${what} is found`, (t) => {
    t.deepEqual(
      violations({...clean, ...changes}, []).map((violation) => violation.path),
      [path],
    );
  });
}

test("find's listing is read whatever names have in them", (t) => {
  const names = ['plain', 'tab\there', 'new\nline', ' space ', 'näme', '\\t', '# file: x'];
  const listing = names
    .map((name, index) => `f\x000\x00${index}\x00644\x00${index}\x00etc/${name}\x00`)
    .join('');
  t.deepEqual(
    parseListing(listing),
    names.map((name, index) => at(`/etc/${name}`, {gid: index, bytes: index})),
  );
});

test('special bits are part of the mode', (t) => {
  t.is(parseListing('d\x000\x000\x001777\x000\x00tmp\x00')[0]?.mode, 0o1777);
});

test('capabilities are read by path', (t) => {
  const output = `# file: /srv/tree/usr/bin/ping
security.capability=0x0100000200200000000000000000000000000000

# file: /srv/tree/usr/bin/with space
security.capability=0x010000030020000000000000000000000000000040420f00

`;
  t.deepEqual(
    [...parseCapabilities(output, '/srv/tree')],
    [
      ['/usr/bin/ping', '0100000200200000000000000000000000000000'],
      ['/usr/bin/with space', '010000030020000000000000000000000000000040420f00'],
    ],
  );
});

function without(path: string): InventoryEntry[] {
  return clean.entries.filter((entry) => entry.path !== path);
}
