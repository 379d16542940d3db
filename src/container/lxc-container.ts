import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {execa} from 'execa';
import {Failure} from '../failure.ts';
import {command, tryCommand} from '../host/command.ts';
import {programEnvironment} from '../host/environment.ts';
import {cutLine} from '../host/lines.ts';
import {anySignal} from '../host/signals.ts';
import {typeInto} from './console.ts';
import type {ContainerCommandOptions, StartedContainer, StartHooks} from './engine.ts';
import {commandVariable, describeLeftovers, endLeftovers} from './processes.ts';

export interface LxcContainerOptions {
  readonly name: string;
  /** LXC's own folder in the enclosure, which has a folder of configuration and logs for each container. */
  readonly lxcPath: string;
  /** The container's folder there, as this process sees it. */
  readonly folder: string;
  /** A command of this machine in the enclosure's namespaces. */
  readonly inside: (argv: readonly string[]) => string[];
  /** The same for what runs in the container: within its limits. */
  readonly contained?: ((argv: readonly string[]) => string[]) | undefined;
  /** Why the container's limits made a command fail, or may have; undefined when they did not. */
  readonly checkLimits?: (() => Failure | undefined) | undefined;
  /** The process that holds the enclosure's namespaces. */
  readonly holder: number;
  /** Variables of every command, whose values no list of processes on this machine shows. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** Nothing is to run in it but commands. */
  readonly exclusive?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Aborts when the holder has ended, and ends whatever runs. */
  readonly lost?: AbortSignal | undefined;
  readonly log?: ((line: string) => void) | undefined;
}

/** Characters of a line of a log that are repeated. */
const longestLine = 4096;

/** Where programs are; the last three are NixOS', with privileges, running and stopped, which has no others. */
const path = [
  ...['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'],
  ...['/run/wrappers/bin', '/run/current-system/sw/bin', '/nix/var/nix/profiles/system/sw/bin'],
].join(':');

/** The environment of a command in a container; nothing of this machine's reaches it. */
const environment = {
  PATH: path,
  HOME: '/root',
  LANG: 'C.UTF-8',
  DEBIAN_FRONTEND: 'noninteractive',
};

/** What a stopped container runs while something works in its tree: every image has these, and sleep wherever it may be. */
const pause = ['lxc.init.cmd=/usr/bin/env sleep 2147483647', `lxc.environment=PATH=${path}`];

/** A container that LXC runs from a configuration in its folder. */
export function lxcContainer(options: LxcContainerOptions): StartedContainer {
  const {name, folder, inside, holder, exclusive = false, contained = inside, variables = {}} = options;
  const place = ['--lxcpath', options.lxcPath, '--name', name];
  const logs = {log: options.log, signal: anySignal(options.signal, options.lost)};
  const tool = (program: string, args: readonly string[], into = inside) =>
    into([program, ...place, ...args]);
  const attach = (argv: readonly string[], env: Readonly<Record<string, string>> = {}) => {
    const given = Object.entries({...environment, ...env}).map(([key, value]) => `--set-var=${key}=${value}`);
    const kept = Object.keys(variables).map((key) => `--keep-var=${key}`);
    return tool('lxc-attach', ['--clear-env', ...kept, ...given, '--', ...argv], contained);
  };
  const lastLines = async (file: string) => {
    // LXC puts a console's log aside when it has become long
    const texts = [`${file}.1`, file].map((name) => readFile(join(folder, name), 'utf8').catch(() => ''));
    const lines = (await Promise.all(texts)).join('').split('\n');
    // what LXC says whenever a command is run inside, where it was built without seccomp
    const telling = lines.filter(
      (line) => line.trim() !== '' && !line.includes('Unsupported config key "lxc.seccomp"'),
    );
    return telling.slice(-20).map((line) => cutLine(line.trimEnd(), longestLine));
  };

  const kill = async () => {
    await tryCommand(tool('lxc-stop', ['--kill']), {title: 'lxc-stop'});
  };

  const launch = async (definitions: readonly string[]) => {
    const log = ['--logfile', `${options.lxcPath}/${name}/lxc.log`, '--logpriority', 'INFO'];
    const defined = definitions.flatMap((definition) => ['--define', definition]);
    try {
      await command(tool('lxc-start', ['--daemon', ...log, ...defined], contained), {
        ...logs,
        title: 'lxc-start',
      });
    } catch (error) {
      logs.signal.throwIfAborted();
      throw new Failure(`the container ${name} does not start`, {
        kind: 'machine',
        lastLines: (await lastLines('lxc.log')).filter((line) => / (ERROR|WARN) /.test(line)),
        remedy: 'Run `osctl-template doctor`, which says what this machine lacks.',
        cause: error,
      });
    }
  };

  // a stopped container's programs are as little to be trusted as a running one's: a chroot alone does not hold them
  let idle: Promise<void> | undefined;
  const idling = async () => {
    idle ??= launch(pause);
    await idle;
  };
  const endIdling = async () => {
    if (idle === undefined) return;
    idle = undefined;
    await kill();
  };

  /** Commands that are running, and how many there have been. */
  let active = 0;
  let begun = 0;

  /** A command inside, with what ends what it leaves running. */
  const prepare = (argv: readonly string[], given: ContainerCommandOptions = {}) => {
    const {env, background = false, ...rest} = given;
    const mark = String(++begun);
    const ended = async (killed: boolean) => {
      if (background) return;
      const everything = active === 1 && (exclusive || idle !== undefined);
      const {log} = {...logs, ...rest};
      const left = await endLeftovers({name, holder}, everything ? 'all but init' : {mark});
      // what is killed with its command was not left
      if (!killed) for (const line of describeLeftovers(left)) log?.(line);
      const reached = options.checkLimits?.();
      if (reached !== undefined) throw reached;
    };
    return [
      attach(argv, {...env, [commandVariable]: mark}),
      {
        ...{log: options.log, title: argv[0], ...rest, env: variables, ended},
        signal: anySignal(rest.signal ?? options.signal, options.lost),
      },
    ] as const;
  };
  const counted = async <T>(run: () => Promise<T>): Promise<T> => {
    active += 1;
    try {
      return await run();
    } finally {
      active -= 1;
    }
  };
  const runInside = (argv: readonly string[], given?: ContainerCommandOptions) =>
    counted(() => command(...prepare(argv, given)));
  const tryInside = (argv: readonly string[], given?: ContainerCommandOptions) =>
    counted(() => tryCommand(...prepare(argv, given)));

  return {
    name,

    async start(hooks) {
      await endIdling();
      await launch(hooks === undefined ? [] : hookDefinitions(hooks));
    },

    initPid: () => command(tool('lxc-info', ['--pid', '--no-humanize']), {...logs, title: 'lxc-info'}),

    async stop(limit) {
      const asked = await tryCommand(tool('lxc-stop', ['--nokill', '--timeout', String(limit)]), {
        title: 'lxc-stop',
      });
      if (asked.exitCode === 0) return 'clean';
      await kill();
      return 'killed';
    },

    kill,

    async running() {
      if (idle !== undefined) return false;
      const {stdout} = await tryCommand(tool('lxc-info', ['--state', '--no-humanize']), {
        ...logs,
        quiet: true,
      });
      return stdout.trim() === 'RUNNING';
    },

    async ended(limit) {
      const wait = tool('lxc-wait', ['--state', 'STOPPED', '--timeout', String(limit)]);
      return (await tryCommand(wait, {...logs})).exitCode === 0;
    },

    run: runInside,
    try: tryInside,

    async runStopped(argv, rest) {
      await idling();
      return runInside(argv, rest);
    },

    async tryStopped(argv, rest) {
      await idling();
      return tryInside(argv, rest);
    },

    async attach(argv) {
      const [program = '', ...args] = attach(argv, {TERM: process.env.TERM ?? 'dumb'});
      const env = programEnvironment(variables);
      const result = await execa(program, args, {stdio: 'inherit', reject: false, extendEnv: false, env});
      if (exclusive) await endLeftovers({name, holder}, 'all but init');
      return result.exitCode ?? 1;
    },

    type(line, shown, limit) {
      const argv = ['lxc-console', ...place, '--tty', '0'].join(' ');
      // script(1) runs a command by $SHELL
      const terminal = inside(['env', 'SHELL=/bin/sh', 'script', '--quiet', '--command', argv, '/dev/null']);
      return typeInto(terminal, {ready: /exit the console/, line, shown, limit});
    },

    async logs() {
      return {lxc: await lastLines('lxc.log'), console: await lastLines('console.log')};
    },
  };
}

/** Hooks as LXC's configuration has them: those of veths are an interface's, the others the container's. */
function hookDefinitions({programs, veths}: StartHooks): string[] {
  const {'veth-up': up, 'veth-down': down, ...others} = programs;
  return [
    ...Object.entries(others).map(([stage, program]) => `lxc.hook.${stage}=${program}`),
    ...Array.from({length: veths}, (_, index) => [
      `lxc.net.${index}.script.up=${up}`,
      `lxc.net.${index}.script.down=${down}`,
    ]).flat(),
  ];
}
