import {join} from 'node:path';
import {execa} from 'execa';

export const root = join(import.meta.dirname, '../..');
export const launcher = join(root, 'osctl-template');

/** Runs the command as a person would, in a shell of its own, and gives what it printed and its exit code. */
export async function osctlTemplate(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const result = await execa(launcher, args, {
    reject: false,
    stdin: 'ignore',
    all: true,
    env: {...env, CI: 'true'},
  });
  return {exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr, all: result.all};
}
