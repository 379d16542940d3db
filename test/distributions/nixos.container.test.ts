import {createReadStream} from 'node:fs';
import {readdir, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Readable} from 'node:stream';
import test, {type ExecutionContext} from 'ava';
import {parse} from 'yaml';
import {waitFor} from '../../src/boot/wait.ts';
import {lxcEngine} from '../../src/container/enclosure.ts';
import type {Container} from '../../src/container/engine.ts';
import {inEnclosure} from '../../src/container/namespaces.ts';
import {gnuTar} from '../../src/image/gnu-tar.ts';
import {readBuild} from '../../src/image/manifest.ts';
import nixos from '../../stand-ins/nixos/index.ts';
import {configurationOf} from '../../stand-ins/shared/make.ts';
import {type Misbehaviour, serveMirror} from '../../stand-ins/shared/serve.ts';
import {osctlTemplate} from '../cli/osctl-template.ts';
import {builtAndPassing} from '../fixtures/booted.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';
import {testOutput} from '../fixtures/output.ts';
import {sourceLines} from '../fixtures/sources.ts';
import {strictMembers} from '../image/strict-reader.ts';

const run = await openMirrorRun(nixos);
test.after.always(() => run[Symbol.asyncDispose]());

/** What cannot be so in NixOS or the stand-in. */
const inapplicable = ['capabilities', 'hostname', 'own-configuration'];

test.serial('the stable release is built, boots and passes', async (t) => {
  const others = await builtAndPassing(t, run, ['nixos-26.05'], inapplicable);
  const hostname = others.find(({scenario}) => scenario === 'hostname');
  t.is(hostname?.outcome, 'not applicable');
  t.regex(hostname?.reason ?? '', /comes from the system’s configuration/);
  const {packages, sources, tags, vpsadmin} = await run.manifest('nixos-26.05');
  const names = packages.map(({name}) => name);
  for (const name of ['systemd', 'openssh', 'iproute2', 'nix', 'vim', 'nixos-system-unnamed'])
    t.true(names.includes(name), name);
  t.false(names.some((name) => name.startsWith('nixos-channel')));
  t.deepEqual(sourceLines(sources), [`${run.server.url}/channels/nixos-26.05 26.05.1000.0123456789ab`]);
  t.deepEqual(tags, ['latest', 'stable']);
  t.true(vpsadmin.label.startsWith('NixOS 26.05'));
});

test.serial('unstable is dated, and is of its own channel', async (t) => {
  const {exitCode, all} = await run.command('build', 'nixos-unstable');
  t.is(exitCode, 0, all);
  const builds = join(run.output, 'builds');
  const id = (await readdir(builds)).find((name) =>
    /^nixos-unstable-\d{8}-x86_64-vpsadminos-minimal$/.test(name),
  );
  const [serial = ''] = (await readdir(join(builds, id ?? ''))).filter((name) => !name.startsWith('.'));
  const {manifest} = await readBuild(join(builds, id ?? '', serial));
  t.deepEqual(sourceLines(manifest.sources), [
    `${run.server.url}/channels/nixos-unstable 26.11pre2000.ba9876543210`,
  ]);
});

test.serial('impermanence: the system boots on an empty root, and what is kept is kept', async (t) => {
  const {exitCode, all} = await run.command('build', 'nixos-26.05-impermanence');
  t.is(exitCode, 0, all);
  const id = join(run.output, 'builds', 'nixos-26.05-x86_64-vpsadminos-impermanence');
  const [serial = ''] = (await readdir(id)).filter((name) => !name.startsWith('.'));
  await checkImage(t, join(id, serial, 'image-archive.tar'));
  const output = await testOutput();
  await using enclosure = await lxcEngine(output.containers).open({
    title: 'nixos-impermanence',
    purpose: 'test',
    scratch: {medium: 'disk'},
    network: 'own',
  });
  await enclosure.unpack('image', createReadStream(join(id, serial, 'rootfs.tar.gz')), {gzip: true});
  const keys: string[] = [];
  for (const role of ['first', 'second']) {
    // as osctld makes the root of a start
    const empty = await enclosure.unpack(`${role}-root`, Readable.from([emptyRoot()]));
    const container = await enclosure.container({
      role,
      layers: [empty],
      veths: [],
      init: ['/sbin/init'],
      profile: 'system',
      folders: [
        {name: 'kept', path: '/persistent'},
        {name: 'kept/nix', path: '/nix'},
      ],
    });
    await enclosure.run([
      'mount',
      '--bind',
      `${inEnclosure.scratch}/image`,
      `${inEnclosure.scratch}/${role}/kept`,
    ]);
    await container.start();
    const state = await waitFor('the end of the boot', () => bootState(container), 90);
    t.is(state, 'running', (await container.try(['journalctl', '--no-pager', '-n', '40'])).stdout);
    const seen = [
      'cat',
      '/etc/machine-id',
      '/etc/ssh/ssh_host_ed25519_key.pub',
      '/etc/nixos/impermanence.nix',
    ];
    keys.push(await container.run(seen));
    t.is(await container.run(['sh', '-c', 'ls /root; touch /root/forgotten']), '');
    t.is(await container.stop(60), 'clean');
  }
  t.is(keys[0], keys[1]);
});

/** The state in which systemd's boot ended, undefined before: there is no program at all before the activation. */
async function bootState(container: Container): Promise<string | undefined> {
  const {stdout} = await container.try(['systemctl', 'is-system-running', '--wait']);
  return ['running', 'degraded', 'maintenance'].find((state) => state === stdout.trim());
}

function emptyRoot(): Uint8Array {
  const folders = ['boot', 'dev', 'etc', 'proc', 'run', 'sbin', 'sys', 'var'];
  const entries = folders.map((name) => ({path: `/${name}`, directory: true as const}));
  return gnuTar([...entries, {path: '/sbin/init', target: '/nix/var/nix/profiles/system/init'}], 0);
}

async function checkImage(t: ExecutionContext, archive: string): Promise<void> {
  const members = strictMembers(await readFile(archive));
  const document = (name: string) =>
    parse(Buffer.from(members.find((each) => each.name === name)?.content ?? '').toString('utf8'));
  t.deepEqual(document('metadata.yml').datasets, ['nix']);
  const {impermanence, mounts} = document('config/container.yml');
  t.deepEqual(impermanence, {zfs_properties: {refquota: '10G'}});
  t.deepEqual(
    mounts.map(({dataset, mountpoint}: Record<string, unknown>) => [dataset, mountpoint]),
    [
      ['/', '/persistent'],
      ['nix', '/nix'],
    ],
  );
}

/** Builds from the stand-in mirror behind a server that misbehaves; gives what was printed and what was asked for. */
async function refused(
  t: ExecutionContext,
  misbehave: Misbehaviour,
  keys: readonly string[] = run.mirror.keys,
): Promise<{readonly all: string; readonly asked: readonly string[]}> {
  await using server = await serveMirror(run.mirror.folder, {misbehave});
  const config = join(run.output, `refused-${new URL(server.url).port}.yml`);
  await writeFile(config, JSON.stringify(configurationOf({...run.mirror, keys}, server.url)));
  const {exitCode, all} = await osctlTemplate(['build', 'nixos-26.05'], {
    OSCTL_TEMPLATE_OUTPUT: run.output,
    OSCTL_TEMPLATE_CONFIG: config,
  });
  t.is(exitCode, 1, all);
  return {all, asked: [...server.asked]};
}

/** The file of a cache that has a package's description, and what that says. */
async function narinfo(
  name: string,
): Promise<{readonly path: string; readonly nar: string; readonly text: string}> {
  const cache = join(run.mirror.folder, 'cache');
  for (const file of await readdir(cache)) {
    if (!file.endsWith('.narinfo')) continue;
    const text = await readFile(join(cache, file), 'utf8');
    const url = /^URL: (.*)$/m.exec(text)?.[1] ?? '';
    if (new RegExp(`^StorePath: /nix/store/[^-]*-${name}-\\d`, 'm').test(text))
      return {path: `/cache/${file}`, nar: `/cache/${url}`, text};
  }
  throw new Error(`the stand-in has no ${name}`);
}

test.serial('a channel signed by a stranger’s key is refused before anything of it is fetched', async (t) => {
  const stranger = join(run.output, 'stranger.pub');
  const key = Buffer.alloc(32, 7).toString('base64');
  await writeFile(stranger, `stand-in.example.org-1:${key}\n`);
  const {all, asked} = await refused(t, () => false, [stranger]);
  t.regex(all, /nixos-channel-26\.05\S*: is not signed by the distribution’s key/);
  t.regex(all, /Nothing of it was used/);
  t.deepEqual(
    asked.filter((path) => path.startsWith('/cache/nar/')),
    [],
  );
});

test.serial('a package signed by a stranger’s key is refused, and not built from source', async (t) => {
  const {path, nar, text} = await narinfo('bash');
  const {all, asked} = await refused(t, (asked, _content, response) => {
    if (asked !== path) return false;
    response.end(text.replace(/^Sig: (.*):.*$/m, `Sig: $1:${Buffer.alloc(64, 7).toString('base64')}`));
    return true;
  });
  t.regex(all, /-bash-[\d.]+\S*: is not signed by the distribution’s key/);
  t.false(asked.includes(nar));
  t.notRegex(all, /building '.*-bash-/);
});

test.serial('a truncated package is refused', async (t) => {
  const {nar} = await narinfo('openssh');
  const {all} = await refused(t, (asked, content, response) => {
    if (asked !== nar) return false;
    response.end(content.subarray(0, content.length / 2));
    return true;
  });
  t.regex(all, /a store path does not match what is signed: truncated or replaced/);
});

test.serial('a package replaced by another one is refused', async (t) => {
  const [{nar}, other] = await Promise.all([narinfo('iproute2'), narinfo('vim')]);
  const replacement = await readFile(join(run.mirror.folder, other.nar));
  const {all} = await refused(t, (asked, _content, response) => {
    if (asked !== nar) return false;
    response.end(replacement);
    return true;
  });
  t.regex(all, /a store path does not match what is signed: truncated or replaced/);
});

test.serial('a channel that turns out to be another one’s is refused', async (t) => {
  const {text} = await narinfo('bash');
  const bash = /^StorePath: (.*)$/m.exec(text)?.[1];
  const {all} = await refused(t, (asked, _content, response) => {
    if (!asked.endsWith('/job/nixos.channel')) return false;
    response.end(JSON.stringify({buildproducts: {1: {path: `${bash}/tarballs/x.tar.xz`}}}));
    return true;
  });
  t.regex(all, /names \S+-bash-\S+, which is not nixos-26\.05/);
});

test.serial('a binary cache that does not answer is named as what is missing', async (t) => {
  const {all} = await refused(t, (asked, _content, response) => {
    if (!asked.startsWith('/cache/')) return false;
    response.destroy();
    return true;
  });
  t.regex(all, /the binary cache (cannot be reached|breaks off|does not have this file)/);
});
