import {randomBytes} from 'node:crypto';
import {mkdtemp, rm} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {Container, Engine} from '../../container/engine.ts';
import {Failure} from '../../failure.ts';
import {readCgroupLayout} from '../../host/cgroups.ts';
import {type CommandOptions, command, tryCommand} from '../../host/command.ts';
import {lock} from '../../host/lock.ts';
import type {ReleaseRecipe} from '../../recipe/distribution.ts';
import {createOsctlMember, withheldByOsctl} from '../member/osctl-member.ts';
import {deviceTest, type ScenarioNode} from '../scenario/node.ts';
import {notChecked} from '../scenario/scenario.ts';
import {probeOf} from './probe.ts';

export interface OsctlNodeOptions {
  readonly acceptExpired: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** What a vpsAdminOS host's containers can have. */
export const thisHost: Pick<Engine, 'offersCgroupsV1'> = {
  offersCgroupsV1: async () => (await readCgroupLayout()) !== 'unified',
};

/**
 * The vpsAdminOS host this runs on as a node for tests: osctld imports the image archive, writes settings and starts
 * containers, and the host itself is what reaches them. One test has the host's addresses at a time; others wait.
 */
export async function openOsctlNode(
  archive: string,
  recipe: ReleaseRecipe,
  {acceptExpired, signal}: OsctlNodeOptions,
): Promise<ScenarioNode> {
  const addresses = await lock(join(tmpdir(), 'osctl-template-test.lock'), {signal});
  const scratch = await mkdtemp(join(tmpdir(), 'osctl-template-'));
  const run = `t${randomBytes(2).toString('hex')}`;
  const id = (role: string) => `${run}-${role}`;
  const client = hostClient({TMPDIR: scratch});
  let index = 0;
  return {
    recipe,
    signal: addresses.signal,
    generations: ['today'],
    acceptExpired,
    nest: [],
    hybrid: false,
    nextIndex: () => ++index,
    member: (order, options) =>
      createOsctlMember({...order, id: id(order.role), archive, recipe, nextIndex: () => ++index}, options),
    probe: (wait) => ({
      ...probeOf(client, wait),
      blind: 'nothing outside of this host tells what address the container connects from',
    }),
    has: async (device) => (await command([...deviceTest, device])).trim() === 'yes',
    withholds: withheldByOsctl,
    mirrors: async () => notChecked("the host's network decides whether its containers reach the mirrors"),
    keep: (roles) => ({
      enter: roles.map((role) => `osctl ct attach ${id(role)}`),
      end: roles.map((role) => `osctl ct del -f ${id(role)}`),
    }),
    async [Symbol.asyncDispose]() {
      await rm(scratch, {recursive: true, force: true});
      await addresses[Symbol.asyncDispose]();
    },
  };
}

/** The host in the place of the probe. What it has not installed, it cannot check with. */
function hostClient(env: Readonly<Record<string, string>>): Pick<Container, 'run' | 'try'> {
  const withEnv = (options: CommandOptions = {}) => ({...options, env: {...env, ...options.env}});
  return {
    run: (argv, options) => command(argv, withEnv(options)).catch(unchecked),
    try: (argv, options) => tryCommand(argv, withEnv(options)).catch(unchecked),
  };
}

function unchecked(error: unknown): never {
  if (error instanceof Failure && error.kind === 'machine') notChecked(`${error.message} on this host`);
  throw error;
}
