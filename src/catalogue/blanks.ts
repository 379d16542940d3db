import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';

/** What stands in a new recipe for what only its author knows. */
export const blank = '____';

/** A blank that nobody has filled yet. */
export interface Blank {
  /** Relative to the recipe's folder. */
  readonly file: string;
  readonly line: number;
  /** What belongs there, from the comment on its line. */
  readonly hint: string;
}

/** The blanks in a folder's files, in their order. */
export async function blanksIn(folder: string): Promise<Blank[]> {
  const entries = await readdir(folder, {recursive: true, withFileTypes: true});
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const found = files.map(async (path) => {
    const lines = (await readFile(path, 'utf8')).split('\n');
    return lines.flatMap((text, index) => {
      if (!text.includes(blank)) return [];
      const [, hint = 'fill it in'] = /(?:\/\/|#)\s*(.+)$/.exec(text) ?? [];
      return [{file: path.slice(folder.length).replace(/^\/+/, ''), line: index + 1, hint}];
    });
  });
  return (await Promise.all(found)).flat();
}
