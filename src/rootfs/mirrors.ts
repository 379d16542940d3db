import type {BuildContainer, StepContext} from '../recipe/step.ts';
import {Unreachable} from './diagnosis.ts';

/**
 * Does something with the first mirror that has what it needs: the next is tried after an Unreachable, never after
 * any other failure, so never after a wrong signature. What is in the tree by then is removed, unless it is to be kept.
 */
export async function firstMirror<M, T>(
  {container, log}: Pick<StepContext, 'container' | 'log'>,
  mirrors: readonly M[],
  attempt: (mirror: M, index: number) => Promise<T>,
  {keep = false}: {readonly keep?: boolean} = {},
): Promise<T> {
  for (const [index, mirror] of mirrors.entries()) {
    try {
      return await attempt(mirror, index);
    } catch (error) {
      const next = mirrors[index + 1];
      if (!(error instanceof Unreachable) || next === undefined) throw error;
      log(`${error.message}; trying ${next}`);
      if (!keep) await container.run(['find', container.tree, '-mindepth', '1', '-delete']);
    }
  }
  throw new Error('there is no mirror to try');
}

/** A mirror's address without slashes at its end, to put paths behind. */
export function trimmed(url: string): string {
  return url.replace(/\/+$/, '');
}

/** Writes a file of the build container itself, outside the tree: a tool's configuration, a key. */
export async function place(
  container: BuildContainer,
  path: string,
  content: string | Uint8Array,
): Promise<void> {
  await container.run(['sh', '-c', 'mkdir -p "$(dirname "$0")" && cat > "$0"', path], {input: content});
}
