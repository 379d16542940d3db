import {randomBytes} from 'node:crypto';
import {mkdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {createInterface} from 'node:readline';
import {fileURLToPath} from 'node:url';
import {execa} from 'execa';
import {Failure} from '../failure.ts';
import {readCgroupLayout} from '../host/cgroups.ts';
import {type CommandOptions, command} from '../host/command.ts';
import {programEnvironment} from '../host/environment.ts';
import {readIdmap} from '../host/idmap.ts';
import {anySignal} from '../host/signals.ts';
import type {ContainerChange, ContainerSpec, Enclosure, EnclosureSpec, Engine, Layer} from './engine.ts';
import {deviceOf, type Feature} from './features.ts';
import {inGroups, limitWatch, makeGroups, settleLimits} from './limits.ts';
import {lxcConfig} from './lxc-config.ts';
import {lxcContainer} from './lxc-container.ts';
import {containerName, inEnclosure, inNamespaces, rootOf} from './namespaces.ts';
import {clearAway, processStart, writeResident} from './resident.ts';
import {inUserNamespace} from './user-namespace.ts';

/** LXC as the engine; what is running has a folder below `folder`, the output's `containers`. */
export function lxcEngine(folder: string): Engine {
  return {
    open: (spec) => openEnclosure(folder, spec),
    offersCgroupsV1: async () => (await readCgroupLayout()) !== 'unified',
  };
}

const {base, lxc: lxcPath} = inEnclosure;
const scratchOf = (name: string) => `${inEnclosure.scratch}/${name}`;
const deviceIn = (path: string) => `${inEnclosure.devices}/${path}`;

const mountHook = fileURLToPath(new URL('mount-hook', import.meta.url));

async function openEnclosure(parent: string, spec: EnclosureSpec): Promise<Enclosure> {
  const [idmap, layout] = await Promise.all([readIdmap(), readCgroupLayout()]);
  spec.signal?.throwIfAborted();
  const name = `${spec.title}-${randomBytes(3).toString('hex')}`;
  const folder = join(parent, name);
  await mkdir(folder, {recursive: true, mode: 0o711});
  const holder = await holdNamespaces(parent, name, spec);
  const ownNetwork = spec.network === 'own';
  const hidesV1 = ownNetwork && layout !== 'unified' && spec.cgroups !== 'v1';
  const inside = (argv: readonly string[]) => inNamespaces({pid: holder.pid, ownNetwork}, argv);
  const run = (argv: readonly string[], options: CommandOptions = {}) =>
    command(inside(argv), {
      title: argv[0],
      log: spec.log,
      ...options,
      signal: anySignal(options.signal ?? spec.signal, holder.lost),
    });
  const ownedByRoot = `${idmap.uid}:${idmap.gid}`;

  const enclosure: Enclosure = {
    name,
    signal: holder.lost,
    inside,
    run,

    async unpack(layer, input, {gzip = false} = {}) {
      const target = scratchOf(layer);
      await run(['mkdir', target]);
      await run(['chown', ownedByRoot, target]);
      const tar = ['tar', '--extract', ...(gzip ? ['--gzip'] : []), '--file=-', '--directory', target];
      const keep = [
        '--numeric-owner',
        '--xattrs',
        '--xattrs-include=security.capability',
        '--exclude=./dev/*',
      ];
      await run(inUserNamespace(idmap, [...tar, ...keep]), {input, title: 'tar'});
      return {unpacked: layer};
    },

    async container(container) {
      const limits = await settleLimits(container, layout);
      const fullName = containerName(name, container.role);
      // a container that sees no hierarchy of this machine's controllers is put into groups of theirs from outside
      const hidden = hidesV1 && container.cgroups !== 'v1';
      const groups = hidden ? await makeGroups(fullName, limits) : [];
      const containerFolder = join(folder, fullName);
      const root = await mountRoot(container);
      const trees = await mountTrees(container);
      let current = container;
      const configure = async (change: ContainerChange) => {
        current = {...current, ...change};
        for (const feature of current.features ?? []) await makeDevice(feature);
        const config = lxcConfig({
          spec: current,
          name: fullName,
          idmap,
          layout,
          limits: hidden ? {} : limits,
          root,
          trees,
          folder: ({name: shared, of = container.role}) => scratchOf(`${of}/${shared}`),
          mountHook: inEnclosure.mountHook,
          resolvers: inEnclosure.resolvers,
          device: deviceIn,
          consoleLog: `${lxcPath}/${fullName}/console.log`,
        });
        await writeFile(join(containerFolder, 'config'), config);
      };
      await mkdir(containerFolder, {mode: 0o711});
      await configure({});
      const place = {name: fullName, lxcPath, folder: containerFolder, holder: holder.pid, lost: holder.lost};
      const own = container.cgroups === 'v1' && hidesV1;
      const around = own ? (argv: readonly string[]) => inside(withV1(argv)) : inside;
      const {exclusive, variables} = container;
      const {signal, log} = spec;
      const watch = limitWatch(fullName, limits);
      const contained = (argv: readonly string[]) => inGroups(groups, around(argv));
      const runs = {inside: around, contained, exclusive, variables, checkLimits: watch.check, signal, log};
      return {configure, ...lxcContainer({...place, ...runs})};
    },

    async [Symbol.asyncDispose]() {
      await holder.close();
    },
  };

  /** Makes the device a feature needs, which everybody may open. */
  async function makeDevice(feature: Feature): Promise<void> {
    const device = deviceOf[feature];
    if (device === undefined) return;
    const {path, major, minor} = device;
    const script = 'mkdir -p "$(dirname "$0")" && { [ -e "$0" ] || mknod -m 666 "$0" c "$1" "$2"; }';
    await run(['sh', '-c', script, deviceIn(path), String(major), String(minor)]);
  }

  /** The overlay a container runs on: its layers, and above them what it writes. */
  async function mountRoot(container: ContainerSpec): Promise<string> {
    const root = rootOf(container.role);
    const [upper, work] = [scratchOf(`${container.role}/upper`), scratchOf(`${container.role}/work`)];
    const own = (container.folders ?? []).filter(({of}) => of === undefined);
    const folders = own.map((shared) => scratchOf(`${container.role}/${shared.name}`));
    const lower = await mountLayers(container.layers, container.role);
    const options = `lowerdir=${lower},upperdir=${upper},workdir=${work}`;
    // every command by itself goes the long way into the namespaces
    const script = `owner=$1 options=$2 root=$3; shift 3
      mkdir -p "$root" "$@" && chown "$owner" "$@" && exec mount -t overlay -o "$options" overlay "$root"`;
    await run(['sh', '-c', script, 'mount', ownedByRoot, options, root, upper, work, ...folders]);
    return root;
  }

  /** What else a container sees: where the enclosure has each of its trees, and the container. */
  async function mountTrees({role, trees = []}: ContainerSpec): Promise<{source: string; path: string}[]> {
    const mounted: {source: string; path: string}[] = [];
    for (const [index, {layers, path}] of trees.entries()) {
      const name = `${role}-tree-${index}`;
      const source = `${inEnclosure.layers}/${name}`;
      const lower = await mountLayers(layers, name);
      await run(['mkdir', source]);
      await run(['mount', '-t', 'overlay', '-o', `lowerdir=${lower}`, 'overlay', source]);
      mounted.push({source, path});
    }
    return mounted;
  }

  /** Layers as overlay's `lowerdir` names them. */
  async function mountLayers(layers: readonly Layer[], name: string): Promise<string> {
    const lower: string[] = [];
    for (const [index, layer] of layers.entries()) lower.push(await mountLayer(layer, `${name}-${index}`));
    return lower.join(':');
  }

  async function mountLayer(layer: Layer, name: string): Promise<string> {
    if ('unpacked' in layer) return scratchOf(layer.unpacked);
    const target = `${inEnclosure.layers}/${name}`;
    await run(['mkdir', target]);
    await run(['mount', '--bind', '-o', 'ro', layer.folder, target]);
    return target;
  }

  async function prepare(): Promise<void> {
    await writeResident(folder, {
      name,
      title: spec.title,
      purpose: spec.purpose,
      holder: holder.pid,
      holderStart: await processStart(holder.pid),
      started: new Date().toISOString(),
      ownNetwork,
    });
    await run(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'enclosure', base]);
    await run(['mkdir', inEnclosure.scratch, inEnclosure.roots, inEnclosure.layers, lxcPath]);
    await run(['mount', '--bind', folder, lxcPath]);
    await run(['install', '--mode=755', mountHook, inEnclosure.mountHook]);
    await run(['sh', '-c', 'cat > "$0"', inEnclosure.resolvers], {input: await ownResolvers()});
    if (spec.scratch.medium === 'tmpfs') {
      const options = `mode=755,nodev,size=${spec.scratch.bytes}`;
      await run(['mount', '-t', 'tmpfs', '-o', options, 'scratch', inEnclosure.scratch]);
    } else {
      const disk = spec.scratch.folder ?? join(folder, 'scratch');
      await mkdir(disk, {recursive: true});
      await run(['mount', '--bind', disk, inEnclosure.scratch]);
    }
    if (ownNetwork) {
      await run(['ip', 'link', 'set', 'lo', 'up']);
      if (hidesV1) await run(['mount', '-t', 'cgroup2', 'cgroup2', '/sys/fs/cgroup']);
    }
  }

  try {
    await prepare();
  } catch (error) {
    await holder.close();
    throw error;
  }
  return enclosure;
}

/** This machine's resolv.conf(5) without the domains it searches, which belong to no template. */
async function ownResolvers(): Promise<string> {
  const text = await readFile('/etc/resolv.conf', 'utf8').catch(() => '');
  const lines = text.split('\n').filter((line) => /^\s*(nameserver|options)\s/.test(line));
  return `${lines.join('\n')}\n`;
}

function heldNoMore(name: string): Failure {
  return new Failure(`the process that holds ${name}'s namespaces has ended`, {
    kind: 'machine',
    remedy:
      'It was killed, or `ct del` removed what it holds. Run the command again; if this machine ran out of memory, its kernel log says so.',
  });
}

/** A command in a copy of the enclosure's mounts, from which the unified hierarchy over this machine's own is gone. */
function withV1(argv: readonly string[]): string[] {
  const script = 'umount /sys/fs/cgroup && exec "$0" "$@"';
  return ['unshare', '--mount', '--propagation', 'private', '--', 'sh', '-c', script, ...argv];
}

const janitor = fileURLToPath(new URL('janitor', import.meta.url));

/** Starts the process that holds an enclosure's namespaces; see the janitor. */
async function holdNamespaces(parent: string, name: string, spec: EnclosureSpec) {
  const folder = join(parent, name);
  const ownNetwork = spec.network === 'own';
  const namespaces = ownNetwork ? ['--mount', '--net'] : ['--mount'];
  const detached = spec.detached === true;
  const script = ['sh', janitor, folder, detached ? 'detached' : 'attached', spec.network];
  const child = execa('unshare', [...namespaces, '--propagation', 'private', '--', ...script], {
    reject: false,
    detached: true,
    cleanup: false,
    buffer: false,
    stdin: detached ? 'ignore' : 'pipe',
    stdout: 'pipe',
    stderr: detached ? 'ignore' : 'pipe',
    extendEnv: false,
    env: programEnvironment(),
  });
  const lost = new AbortController();
  let closing = false;
  child.nodeChildProcess.once('exit', () => {
    if (!closing) lost.abort(heldNoMore(name));
  });
  const ready = await Promise.race([
    createInterface({input: child.stdout})[Symbol.asyncIterator]().next(),
    child.then(() => undefined),
  ]);
  if (ready?.value !== 'ready' || child.pid === undefined) {
    await rm(folder, {recursive: true, force: true});
    throw new Failure('cannot make namespaces for containers', {
      kind: 'machine',
      remedy: 'Run `osctl-template doctor`, which says what is missing.',
    });
  }
  if (detached) {
    child.stdout.destroy();
    child.nodeChildProcess.unref();
  }
  const {pid} = child;
  return {
    pid,
    lost: lost.signal,
    async close() {
      closing = true;
      if (lost.signal.aborted) {
        await clearAway(parent, {name, ownNetwork});
        return;
      }
      if (detached) process.kill(pid, 'SIGTERM');
      else child.stdin?.end();
      await child;
    },
  };
}
