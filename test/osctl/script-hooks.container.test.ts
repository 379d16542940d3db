import {access} from 'node:fs/promises';
import {Readable} from 'node:stream';
import test from 'ava';
import {base} from '../../builders/base.ts';
import type {Settings} from '../../src/boot/member/osctld.ts';
import {type ConnectedVeth, installHooks} from '../../src/boot/member/script-hooks.ts';
import {routedInterface} from '../../src/boot/node/addresses.ts';
import {forwardPackets} from '../../src/boot/node/network.ts';
import type {BootNode} from '../../src/boot/node/node.ts';
import {lxcEngine} from '../../src/container/enclosure.ts';
import type {Container, Enclosure} from '../../src/container/engine.ts';
import {Failure} from '../../src/failure.ts';
import {gnuTar} from '../../src/image/gnu-tar.ts';
import {scriptHooks} from '../../src/osctl/script-hooks.ts';
import {forRelease} from '../../src/recipe/distribution.ts';
import type {FileEntry} from '../../src/recipe/rootfs.ts';
import {readFolder} from '../../src/rootfs/files.ts';
import {layersOf} from '../fixtures/builders.ts';
import {testOutput} from '../fixtures/output.ts';
import {tinyDistribution} from '../fixtures/tiny.ts';

/** The hooks, run as osctld runs them, over trees of members who mean no good. The tree is a builder's, its init sleeps. */
let enclosure: Enclosure;
let count = 0;

test.before(async () => {
  const {containers} = await testOutput();
  enclosure = await lxcEngine(containers).open({
    title: 'script-hooks',
    purpose: 'test',
    scratch: {medium: 'tmpfs', bytes: 64 * 1024 * 1024},
    network: 'own',
  });
  await forwardPackets(enclosure);
});

test.after.always(async () => {
  await enclosure?.[Symbol.asyncDispose]();
});

interface Hooked {
  readonly container: Container;
  /** A file in the container's tree, as it is after the start; undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  start(settings?: Partial<Settings>): Promise<void>;
  log(): Promise<string>;
}

interface HookedOptions {
  /** Put over the builder's tree, and over a plain /etc unless it brings another. */
  readonly tree?: readonly FileEntry[];
  /** Ours, unless given. */
  readonly hooks?: readonly FileEntry[];
  readonly veths?: readonly ConnectedVeth[];
}

async function hooked({tree = [], veths = [], ...options}: HookedOptions = {}): Promise<Hooked> {
  const role = `case-${++count}`;
  const hooks = options.hooks ?? (await ours());
  const below = tree.some(({path}) => path === '/etc') ? [] : plain;
  const input = Readable.from([gnuTar([...below, ...tree], 1_790_000_000)]);
  const sheet = await enclosure.unpack(`${role}-tree`, input);
  const node: BootNode = {
    enclosure,
    layers: [sheet, ...(await layersOf(base))],
    initCommand: ['/usr/bin/sleep', '1000'],
    recipe: forRelease(tinyDistribution({osctl: scriptHooks}), '1'),
    image: {distribution: 'tiny', version: '1', hooks},
    nextIndex: () => ++count,
    nextPeer: () => `veth-${++count}`,
    [Symbol.asyncDispose]: async () => undefined,
  };
  const container = await enclosure.container({
    role,
    layers: node.layers,
    veths: veths.map(({peer, netif}) => ({name: netif.name, peer})),
    init: node.initCommand,
    profile: 'system',
  });
  const installed = await installHooks(node, role);
  return {
    container,
    async read(path) {
      const {exitCode, stdout} = await container.try(['cat', path]);
      return exitCode === 0 ? stdout : undefined;
    },
    async start(settings = {}) {
      await installed.start(container, {generation: 'today', interfaces: [], ...settings}, veths);
      await installed.started(container);
    },
    log: async () => (await installed.log()).join('\n'),
  };
}

function ours(): Promise<FileEntry[]> {
  return readFolder(new URL('../../src/osctl/hooks/', import.meta.url));
}

const plain: readonly FileEntry[] = [
  {path: '/etc', directory: true},
  {
    path: '/etc/hosts',
    content: '127.0.0.1 localhost\n::1 localhost ip6-localhost\n# mine\n192.0.2.7 other\n',
  },
  {path: '/etc/hostname', content: ''},
  {path: '/etc/resolv.conf', content: ''},
];

const settings = {hostname: 'vps.example.org', resolvers: ['203.0.113.53', '2001:db8:ffff::53']};

/** A file of the node's that anybody may write to: only its place keeps it. */
async function victim(): Promise<string> {
  const path = `/var/lib/lxc/victim-${++count}`;
  await enclosure.run(['sh', '-c', 'echo untouched > "$0"; chmod 666 "$0"', path]);
  return path;
}

test('hostname, hosts and resolvers are written before init starts', async (t) => {
  const {start, read, log} = await hooked();
  await start(settings);
  t.is(await read('/etc/hostname'), 'vps.example.org');
  t.is(
    await read('/etc/hosts'),
    '127.0.0.1 vps.example.org vps localhost\n::1 vps.example.org vps localhost ip6-localhost\n# mine\n192.0.2.7 other',
  );
  t.is(
    await read('/etc/resolv.conf'),
    'nameserver 203.0.113.53\nnameserver 2001:db8:ffff::53\noptions edns0',
  );
  t.is(await log(), '');
});

test('a node whose sh is bash does the same', async (t) => {
  const hooks = (await ours()).map((entry) => {
    const source = 'content' in entry ? entry.content.toString() : '';
    const content = source
      .replace('#!/bin/sh', '#!/bin/bash --posix')
      .replace('sh -s inside', 'bash --posix -s inside');
    return {...entry, content};
  });
  const netif = routedInterface('eth0', 20);
  const {start, read, container, log} = await hooked({hooks, veths: [{peer: 'veth-bash', netif}]});
  await start(settings);
  t.is(await log(), '');
  t.regex((await read('/etc/hosts')) ?? '', /^127\.0\.0\.1 vps\.example\.org vps localhost\n/);
  t.regex((await read('/etc/resolv.conf')) ?? '', /203\.0\.113\.53/);
  const inside = ['nsenter', '--target', await container.initPid(), '--net'];
  t.regex(await enclosure.run([...inside, 'ip', '-6', 'route', 'show', 'default']), /via fe80::/);
});

test('a new hostname takes the place of the old at the next start', async (t) => {
  const {start, read, container} = await hooked();
  await start(settings);
  await container.kill();
  await start({hostname: 'other.example.org'});
  t.is(await read('/etc/hostname'), 'other.example.org');
  t.regex((await read('/etc/hosts')) ?? '', /^127\.0\.0\.1 other\.example\.org other localhost\n/);
  t.regex((await read('/etc/resolv.conf')) ?? '', /203\.0\.113\.53/);
});

test('files without their owner write bit are the member’s', async (t) => {
  const own = ['hosts', 'hostname', 'resolv.conf'].map((name) => ({
    path: `/etc/${name}`,
    content: '127.0.0.1 mine\n',
    mode: 0o444,
  }));
  const {start, read} = await hooked({tree: own});
  await start(settings);
  for (const {path} of own) t.is(await read(path), '127.0.0.1 mine', path);
});

test('what else is in hosts stays as it is, and so does one too large to be read', async (t) => {
  const lines = ['# \\c\ttabs and\\n backslashes', '192.0.2.7\tother   # "$HOME" `id` *'];
  const {start, read} = await hooked({
    tree: [{path: '/etc/hosts', content: [...lines, '127.0.0.1\tlocalhost', ''].join('\n')}],
  });
  await start(settings);
  t.is(await read('/etc/hosts'), [...lines, '127.0.0.1 vps.example.org vps localhost'].join('\n'));

  const large = `127.0.0.1 localhost\n${'# mine\n'.repeat(10_000)}`;
  const other = await hooked({tree: [{path: '/etc/hosts', content: large}]});
  await other.start(settings);
  t.is(await other.read('/etc/hosts'), large.trimEnd());
});

test('links in the place of files are replaced or left alone, and never followed', async (t) => {
  const path = await victim();
  for (const name of ['hostname', 'hosts', 'resolv.conf']) {
    const {start, read} = await hooked({tree: [{path: `/etc/${name}`, target: path}]});
    await start(settings);
    t.is(await enclosure.run(['cat', path]), 'untouched', name);
    if (name !== 'hosts') t.regex((await read(`/etc/${name}`)) ?? '', /vps\.example\.org|203\.0\.113\.53/);
  }
});

test('what a link to a file of the node says does not come into the tree', async (t) => {
  const {start, container} = await hooked({tree: [{path: '/etc/hosts', target: '/etc/passwd'}]});
  await start(settings);
  t.is((await container.try(['readlink', '/etc/hosts'])).stdout.trim(), '/etc/passwd');
});

test('a link in the place of /etc leads nowhere', async (t) => {
  const trap = `/var/lib/lxc/trap-${++count}`;
  await enclosure.run(['sh', '-c', 'mkdir "$0" && chmod 777 "$0"', trap]);
  for (const target of [trap, '/', '..', '/proc/1/root/tmp']) {
    const {start, log} = await hooked({tree: [{path: '/etc', target}]});
    await start(settings);
    t.regex(await log(), /\/etc is no folder of the tree; nothing is written/, target);
  }
  t.is(await enclosure.run(['ls', '-A', trap]), '');
  for (const name of ['/hosts', '/hostname', '/resolv.conf', '/tmp/hostname'])
    await t.throwsAsync(access(name), undefined, name);
});

test('folders and pipes in the place of files stop nothing', async (t) => {
  const tree: FileEntry[] = [
    {path: '/etc/hostname', directory: true},
    {path: '/etc/hosts', directory: true},
  ];
  const {start, read, log} = await hooked({tree});
  await start(settings);
  t.regex(await log(), /\/etc\/hostname cannot be replaced/);
  t.regex((await read('/etc/resolv.conf')) ?? '', /203\.0\.113\.53/);
});

test('a tree whose root belongs to somebody else of the container’s is written as that one, so not at all', async (t) => {
  const {start, read, container} = await hooked();
  await container.runStopped(['chown', '33:33', '/']);
  await start(settings);
  t.is(await read('/etc/hostname'), '');
});

test('a hostname that is none is not written', async (t) => {
  const {start, read, log} = await hooked();
  await start({hostname: 'vps;reboot'});
  t.is(await read('/etc/hostname'), '');
  t.regex(await log(), /is no hostname/);
});

for (const generation of ['2018', 'today'] as const) {
  test(`routed addresses are set from outside, as osctld routed them in ${generation}`, async (t) => {
    const netif = routedInterface('eth0', generation === 'today' ? 1 : 2, {generation, network: true});
    const {start, container, log} = await hooked({veths: [{peer: `veth-${generation}`, netif}]});
    await start({generation});
    t.is(await log(), '');
    // the node's own ip(8), in the container's network: the tree has none
    const pid = await container.initPid();
    const ip = (...argv: string[]) => enclosure.run(['nsenter', '--target', pid, '--net', 'ip', ...argv]);
    const addresses = await ip('-o', 'address', 'show', 'dev', 'eth0', 'scope', 'global');
    for (const address of [...(netif.v4?.addresses ?? []), ...(netif.v6?.addresses ?? [])])
      t.true(addresses.includes(` ${address} `), address);
    t.false(addresses.includes('10.64.'), 'a routed network is no address');
    t.regex(
      await ip('-4', 'route', 'show', 'default'),
      new RegExp(`via ${netif.v4?.gateway} .*src 192.0.2.`),
    );
    t.regex(await ip('-6', 'route', 'show', 'default'), /via \S+ .*src 2001:db8:a:/);
    if (generation === '2018')
      t.true(addresses.includes(` ${netif.v4?.interconnect?.container} `), 'the interconnecting network');
  });
}

test('an interface that is not the other end of the node’s is left alone', async (t) => {
  const netif = routedInterface('eth0', 3);
  const {start, container, log} = await hooked({
    veths: [{peer: 'veth-swapped', netif}],
    hooks: [
      ...(await ours()).filter(({path}) => path !== '/veth-up'),
      {
        path: '/veth-up',
        content: '#!/bin/sh\ncd "$(dirname "$0")"; mkdir -p veths; echo lan >veths/eth0\n',
        mode: 0o755,
      },
    ],
  });
  await start();
  t.regex(await log(), /eth0 is not the other end of lan; it is left alone/);
  const pid = await container.initPid();
  t.is(await enclosure.run(['nsenter', '--target', pid, '--net', 'ip', '-4', 'address', 'show', 'eth0']), '');
});

const stages = ['pre-start', 'veth-up', 'pre-mount', 'post-mount', 'on-start', 'post-start'];

test('hooks are run in osctld’s order, with its variables, as the node’s root in the right namespaces', async (t) => {
  const namespaces = 'for ns in mnt net; do readlink "/proc/$0/ns/$ns"; done';
  const tell = `#!/bin/sh
    echo "$OSCTL_HOOK_NAME $(id -u) $OSCTL_CT_ID $OSCTL_CT_HOSTNAME $(sh -c '${namespaces}' self | tr '\\n' ' ')" \\
      "\${OSCTL_CT_ROOTFS_MOUNT:+rootfs} \${OSCTL_CT_VETH-} \${OSCTL_CT_INIT_PID:+pid} \${LXC_NAME-}"
  `;
  const hooks = stages.map((name) => ({
    path: name === 'on-start' ? '/on-start.d/first' : `/${name}`,
    content: tell,
    mode: 0o755,
  }));
  const netif = routedInterface('eth0', 4);
  const {start, container, log} = await hooked({hooks, veths: [{peer: 'veth-told', netif}]});
  await start({hostname: 'vps.example.org'});
  const ask = async (pid: string) => (await enclosure.run(['sh', '-c', namespaces, pid])).split('\n');
  const [[nodeMount, nodeNetwork], [mount]] = await Promise.all([
    ask('self'),
    ask(await container.initPid()),
  ]);
  t.not(mount, nodeMount);
  const id = container.name.slice(enclosure.name.length + 1);
  const said = (await log()).split('\n').map((line) => line.replaceAll(/ +/g, ' ').trim());
  const onNode = `0 ${id} vps.example.org ${nodeMount} ${nodeNetwork}`;
  const inContainer = `0 ${id} vps.example.org ${mount} ${nodeNetwork}`;
  t.deepEqual(said, [
    `pre-start ${onNode}`,
    `veth-up ${onNode} eth0`,
    `pre-mount ${inContainer} rootfs`,
    `post-mount ${inContainer} rootfs`,
    `on-start ${onNode}`,
    `post-start ${onNode} pid`,
  ]);
});

for (const stage of stages.slice(0, -1)) {
  test(`a ${stage} that fails aborts the start`, async (t) => {
    const netif = routedInterface('eth0', 10 + stages.indexOf(stage));
    const {start} = await hooked({
      hooks: [{path: `/${stage}`, content: '#!/bin/sh\nexit 3\n', mode: 0o755}],
      veths: [{peer: `veth-no-${stages.indexOf(stage)}`, netif}],
    });
    await t.throwsAsync(start(), {instanceOf: Failure, message: /does not start/});
  });
}
