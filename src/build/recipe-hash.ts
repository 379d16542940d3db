import {createHash} from 'node:crypto';
import {readdir, readFile} from 'node:fs/promises';

/** sha256 over the names and contents of all files in a recipe's folder. */
export async function recipeHash(folder: URL): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  const files = entries.filter((entry) => entry.isFile()).map((entry) => `${entry.parentPath}/${entry.name}`);
  for (const file of files.sort()) {
    const content = await readFile(file);
    hash.update(`${file.slice(decodeURI(folder.pathname).length)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
