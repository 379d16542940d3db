import test from 'ava';
import {buildWords, machineNames} from '../../src/pipeline/inspect/build-words.ts';
import type {Inventory, InventoryEntry} from '../../src/pipeline/inspect/inventory.ts';
import {ownPlaces, privateKey, violations} from '../../src/pipeline/inspect/rules.ts';

const plain = {type: 'file' as const, uid: 0, gid: 0, mode: 0o644, bytes: 0};
const at = (path: string, rest: Partial<InventoryEntry> = {}): InventoryEntry => ({path, ...plain, ...rest});

const capability = (hex: string) => new Map([['security.capability', Buffer.from(hex, 'hex')]]);

const clean: Inventory = {
  entries: [
    at('/etc/machine-id', {mode: 0o444}),
    at('/etc/resolv.conf'),
    at('/etc/passwd', {bytes: 80}),
    at('/etc/shadow', {bytes: 40, gid: 42, mode: 0o640}),
    at('/dev', {type: 'folder'}),
    at('/run', {type: 'folder'}),
    at('/tmp', {type: 'folder', mode: 0o1777}),
    at('/var/log', {type: 'folder'}),
    at('/var/log/journal', {type: 'folder'}),
    at('/usr/bin/ping', {bytes: 90}),
    at('/home/member', {type: 'folder', uid: 524_287, gid: 524_287}),
  ],
  attributes: new Map([['/usr/bin/ping', capability('0100000200200000000000000000000000000000')]]),
  strangers: [],
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
  at('/dev/shm', {type: 'folder'}),
  at('/root/.bash_history'),
  at('/run/lock', {type: 'folder'}),
  at('/run/.hidden'),
  at('/tmp/x'),
  at('/tmp/.X11-unix', {type: 'folder'}),
  at('/usr/sbin/policy-rc.d'),
  at('/var/cache/ldconfig/aux-cache'),
  at('/var/lib/dbus/machine-id', {type: 'link'}),
  at('/var/lib/systemd/credential.secret'),
  at('/var/lib/systemd/random-seed'),
  at('/var/tmp/x'),
  at('/var/cache/apt/pkgcache.bin'),
  at('/var/log/apt/term.log'),
  at('/var/log/a\nb'),
  at('/usr/lib/null', {type: 'character'}),
  at('/usr/lib/loop', {type: 'block'}),
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
    {entries: [...without('/etc/resolv.conf'), at('/etc/resolv.conf', {type: 'link'})]},
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
    {
      attributes: new Map([
        ['/usr/bin/ping', capability('010000030020000000000000000000000000000040420f00')],
      ]),
    },
    '/usr/bin/ping',
  ],
  ['a private key', {traces: [{path: '/etc/x/key.pem', word: privateKey.word}]}, '/etc/x/key.pem'],
  ['an owner from outside', {strangers: ['/srv/other']}, '/srv/other'],
  [
    'a log where /var/log is a link',
    {
      entries: [
        ...clean.entries.filter(({path}) => !path.startsWith('/var/log')),
        at('/var/log', {type: 'link', target: '../data/log'}),
        at('/data/log/dpkg.log'),
      ],
    },
    '/data/log/dpkg.log',
  ],
  [
    'what is left where /run is a link',
    {
      entries: [
        ...clean.entries.filter(({path}) => path !== '/run'),
        at('/run', {type: 'link', target: '/var/run'}),
        at('/var/run/lock', {type: 'folder'}),
      ],
    },
    '/var/run/lock',
  ],
];

for (const [what, changes, path] of rewritten) {
  test(`${what} is found`, (t) => {
    t.deepEqual(
      violations({...clean, ...changes}, []).map((violation) => violation.path),
      [path],
    );
  });
}

test('nobody is an owner like any other, and an example of a key is no key', (t) => {
  const entries = [...clean.entries, at('/srv/tftp', {uid: 65_534, gid: 65_534})];
  const traces = [{path: '/usr/share/doc/openssl/key.pem', word: privateKey.word}];
  t.deepEqual(violations({...clean, entries, traces}, []), []);
});

function without(path: string): InventoryEntry[] {
  return clean.entries.filter((entry) => entry.path !== path);
}

test('words of the build count where they tell of it', (t) => {
  const words = [
    {word: '/srv/tree', says: 'has the path of the build in it'},
    {word: 'forge.example.org', says: 'names the machine', within: ownPlaces},
  ];
  const traces = [
    {path: '/usr/lib/x.conf', word: '/srv/tree'},
    {path: '/usr/share/doc/x', word: 'forge.example.org'},
    {path: '/etc/mailname', word: 'forge.example.org'},
  ];
  t.deepEqual(violations({...clean, traces}, [], words), [
    {rule: 'has the path of the build in it', path: '/usr/lib/x.conf'},
    {rule: 'names the machine', path: '/etc/mailname'},
  ]);
});

test('a machine’s own names are those with a dot, and long ones', (t) => {
  const resolvers = 'nameserver 192.0.2.1\nsearch example.org lan corp.example.com\ndomain .\n';
  t.deepEqual(machineNames('forge', resolvers), ['example.org', 'corp.example.com']);
  t.deepEqual(machineNames('forge.example.net', ''), ['forge.example.net']);
  t.deepEqual(machineNames('template-builder-1', 'search lan\n'), ['template-builder-1']);
  t.deepEqual(machineNames('localhost.localdomain', ''), []);
});

test('a proxy’s host is no word where the template’s mirror is there, too', async (t) => {
  const proxies = {
    http: 'http://builder:secret@cache.example.org:3142',
    https: 'http://proxy.example.org:3128',
  };
  const mirrors = ['http://cache.example.org:3142/debian'];
  const words = (await buildWords({tree: '/srv/tree', proxies, mirrors})).map(({word}) => word);
  t.true(words.includes('/srv/tree'));
  t.true(words.includes('proxy.example.org:3128'));
  t.false(words.includes('cache.example.org:3142'));
});
