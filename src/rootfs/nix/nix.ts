import {Failure} from '../../failure.ts';
import type {BuildRunOptions, KeyFile, StepContext} from '../../recipe/step.ts';
import {diagnosed, notToBeTrusted} from '../diagnosis.ts';
import {trimmed} from '../mirrors.ts';
import {keysIn} from '../openpgp.ts';
import {nixDiagnostics, unsigned} from './failure.ts';

/** What Nix runs with: the build container's own programs, and the places and keys of the recipe. */
export type NixContext = Pick<StepContext, 'container' | 'sources' | 'keys' | 'folder'>;

/**
 * Runs a command of Nix's in the build container and gives its standard output. What it substitutes is of the
 * configured binary caches and signed by the trusted keys; where a cache has something that is not, the command is
 * given up at once, as Nix would build it from source instead. Throws a Failure that says what was wrong.
 */
export async function runNix(
  context: NixContext,
  argv: readonly string[],
  {onLine, ...options}: BuildRunOptions = {},
): Promise<string> {
  const refusal = Promise.withResolvers<never>();
  let refused: Failure | undefined;
  const look = (line: string) => {
    const path = unsigned.exec(line)?.[1];
    if (path !== undefined) {
      refused = notSigned(path, line);
      refusal.reject(refused);
    }
    onLine?.(line);
  };
  const env = {NIX_CONFIG: await nixConfig(context), ...options.env};
  try {
    return await diagnosed(nixDiagnostics, (watch) => {
      const both = (line: string) => {
        watch(line);
        look(line);
      };
      return Promise.race([context.container.run(argv, {...options, env, onLine: both}), refusal.promise]);
    });
  } catch (error) {
    throw refused ?? error;
  }
}

function notSigned(path: string, line: string): Failure {
  return new Failure(`${path}: is not signed by the distribution’s key`, {
    remedy: notToBeTrusted,
    lastLines: [line],
  });
}

/**
 * nix.conf(5): no sandbox and no build users, because the build container is both. Nix itself checks every store
 * path's signature (`require-sigs`) and its content by the hash that is signed.
 */
async function nixConfig(context: NixContext): Promise<string> {
  const settings = {
    'experimental-features': 'nix-command',
    sandbox: 'false',
    'build-users-group': '',
    'require-sigs': 'true',
    substituters: (context.sources.cache ?? []).map(trimmed).join(' '),
    'trusted-public-keys': cacheKeys(await trustedKeys(context)).join(' '),
    // what a system was built by is not kept with it
    'keep-derivations': 'false',
    'connect-timeout': '20',
    'stalled-download-timeout': '20',
    'download-attempts': '2',
  };
  return Object.entries(settings)
    .map(([name, value]) => `${name} = ${value}\n`)
    .join('');
}

/** The configuration's keys of binary caches, or else the recipe's own, of its folder `keys`: `name:base64`. */
export async function trustedKeys(
  context: Pick<StepContext, 'keys' | 'folder'>,
): Promise<readonly KeyFile[]> {
  return context.keys.length > 0 ? context.keys : keysIn('keys', context);
}

/** The keys in files of them, as nix.conf(5) has them: `name:base64`. */
export function cacheKeys(files: readonly KeyFile[]): string[] {
  return files.flatMap(({content}) => Buffer.from(content).toString('utf8').trim().split(/\s+/));
}
