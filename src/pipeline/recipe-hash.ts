import {createHash} from 'node:crypto';
import {readFolder} from '../rootfs/files.ts';

/** sha256 over all that is in a recipe's folder: names and contents of files, their modes, links, and empty folders. */
export async function recipeHash(folder: URL): Promise<string> {
  const hash = createHash('sha256');
  for (const entry of await readFolder(folder)) {
    const [kind, content] =
      'target' in entry
        ? ['link', entry.target]
        : 'content' in entry
          ? [entry.mode, entry.content]
          : [`folder ${entry.mode}`, ''];
    hash.update(`${entry.path}\0${kind}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
