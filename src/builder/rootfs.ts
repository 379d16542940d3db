import {join} from 'node:path';
import {PassThrough} from 'node:stream';
import type {Engine, Layer} from '../container/engine.ts';
import {neutralHostname} from '../container/lxc-config.ts';
import {inEnclosure} from '../container/namespaces.ts';
import {asFailure, Failure} from '../failure.ts';
import {programVariables} from '../host/environment.ts';
import {type Proxies, proxyVariables} from '../host/proxies.ts';
import type {Builder} from '../recipe/builder.ts';

export interface BuilderRootfsOptions {
  readonly engine: Engine;
  /** Take signed indexes whose validity has run out. */
  readonly acceptExpired: boolean;
  /** Where what is downloaded goes through. */
  readonly proxies?: Proxies | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly log: (line: string) => void;
}

/** What a container of tools has: an init that reaps and does nothing else, and its enclosure's network. */
export const toolsContainer = {
  init: ['/usr/bin/catatonit', '-P'],
  veths: 'none',
  profile: 'tools',
} as const;

/**
 * Runs a command in a process namespace that ends with the enclosure: mmdebstrap goes into mount namespaces of its
 * own, where the enclosure's end would not find what it started.
 */
const endingTogether = ['unshare', '--pid', '--fork', '--kill-child', '--', 'unshare', '--mount-proc', '--'];

/**
 * The lowest builder: mmdebstrap in a user namespace of its own, so that no package script is root here. Gives the
 * root filesystem's folder, below `scratch`.
 */
export async function makeBase(
  builder: Builder,
  scratch: string,
  options: BuilderRootfsOptions,
): Promise<string> {
  await using enclosure = await openOnDisk(builder, scratch, options);
  const tar = new PassThrough();
  const temporary = `${inEnclosure.scratch}/tmp`;
  await enclosure.run(['mkdir', '--mode=1777', temporary]);
  const argv = [
    ...endingTogether,
    // package scripts run with it: nothing of this machine's may be in it but proxies, which no argument shows
    ...['env', ...programVariables.map((name) => `--unset=${name}`)],
    ...[`PATH=${process.env.PATH}`, 'LANG=C.UTF-8', `TMPDIR=${temporary}`],
    'mmdebstrap',
    '--mode=unshare',
    '--variant=apt',
    '--format=tar',
    ...apt(options.acceptExpired).map((option) => `--aptopt=${option}`),
    // mmdebstrap copies this machine's
    `--customize-hook=echo ${neutralHostname} > "$1/etc/hostname"; : > "$1/etc/resolv.conf"`,
    `--include=${builder.packages.join(',')}`,
    builder.suite ?? 'stable',
    '-',
  ];
  const ends = await Promise.allSettled([
    enclosure.run(argv, {sink: tar, title: 'mmdebstrap', env: proxyVariables(options.proxies)}),
    enclosure.unpack('tree', tar),
  ]);
  const failures = ends.flatMap((end) => (end.status === 'rejected' ? [asFailure(end.reason)] : []));
  const [failure] = failures;
  // where one fails the other does too, and either may know why
  if (failure !== undefined)
    throw failure.at('making it', {lastLines: failures.flatMap(({lastLines}) => lastLines)});
  return join(scratch, 'tree');
}

/** A builder on top of another: what apt writes above it, in a container that runs on it. Gives the folder of that. */
export async function addLayer(
  builder: Builder,
  layers: readonly Layer[],
  scratch: string,
  options: BuilderRootfsOptions,
): Promise<string> {
  await using enclosure = await openOnDisk(builder, scratch, options);
  const container = await enclosure.container({
    role: 'layer',
    layers,
    ...toolsContainer,
    variables: proxyVariables(options.proxies),
  });
  await container.start();
  const aptGet = [
    'apt-get',
    '--quiet',
    ...apt(options.acceptExpired).map((option) => `--option=${aptOption(option)}`),
  ];
  await container.run([...aptGet, 'update']);
  await container.run([...aptGet, 'install', '--yes', '--no-install-recommends', ...builder.packages]);
  await container.run(['apt-get', 'clean']);
  await container.run(['find', '/var/lib/apt/lists', '-type', 'f', '-delete']);
  return join(scratch, 'layer', 'upper');
}

/**
 * Makes sure that a builder is whole: its init starts, its packages are installed and configured, and every file of
 * theirs is what they brought, by dpkg(1)'s own checksums. Throws a Failure with what is wrong.
 */
export async function checkBuilder(
  builder: Builder,
  layers: readonly Layer[],
  scratch: string,
  options: BuilderRootfsOptions,
): Promise<void> {
  await using enclosure = await openOnDisk(builder, scratch, options);
  const container = await enclosure.container({role: 'check', layers, ...toolsContainer});
  await container.start();
  const format = `\${db:Status-Abbrev} \${Package}\\n`;
  const query = ['dpkg-query', '--show', `--showformat=${format}`, ...builder.packages];
  const states = await container.try(query, {quiet: true});
  const audit = await container.try(['dpkg', '--audit'], {quiet: true});
  const verified = await container.try(['dpkg', '--verify'], {quiet: true});
  const wrong = [
    ...states.stdout.split('\n').filter((line) => line !== '' && !line.startsWith('ii ')),
    ...[states, audit].flatMap(({exitCode, lastLines}) => (exitCode === 0 ? [] : lastLines)),
    ...audit.stdout.split('\n').filter((line) => line !== ''),
    // conffiles are there to be changed
    ...verified.stdout.split('\n').filter((line) => line !== '' && !/^\S+ +c /.test(line)),
  ];
  if (wrong.length > 0) {
    throw new Failure('what was made is damaged', {
      kind: 'machine',
      lastLines: wrong.slice(0, 15),
      remedy:
        'Run the command again; if it stays so, the disk, the memory or the mirror of packages is not sound.',
    });
  }
}

const apt = (acceptExpired: boolean) => [
  'Acquire::Retries "2"',
  'Acquire::http::Timeout "20"',
  ...(acceptExpired ? ['Acquire::Check-Valid-Until "false"'] : []),
];

/** An enclosure whose scratch is the folder that becomes the cache entry. */
function openOnDisk(builder: Builder, folder: string, {engine, signal, log}: BuilderRootfsOptions) {
  return engine.open({
    title: `builder-${builder.name}`,
    purpose: 'build',
    scratch: {medium: 'disk', folder},
    network: 'host',
    signal,
    log,
  });
}

/** `Name "value"` as apt-get's `--option` takes it. */
function aptOption(setting: string): string {
  const [name = '', value = ''] = setting.split(' ');
  return `${name}=${value.replaceAll('"', '')}`;
}
