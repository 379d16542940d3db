import {chmod, mkdir, readFile, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {root} from '../cli/osctl-template.ts';

const page = join(root, 'docs/adding-a-distribution.md');

/** What docs/adding-a-distribution.md has its readers do after `osctl-template new sysvian`, in its order. */
export interface Page {
  /** Fills the blanks of the recipe's module. */
  fill(): Promise<void>;
  /** Adds the page's files and steps to the recipe. */
  complete(): Promise<void>;
}

/** The page, for a recipe in a folder; what it has in code blocks is what is done. */
export async function readPage(recipe: string): Promise<Page> {
  const text = await readFile(page, 'utf8');
  const blocks = [...text.matchAll(/`(files\/\S+)`[^`]*?\n\n```\w*\n(.*?)```|```ts\n(.*?)```/gs)];
  const files = blocks.flatMap(([, path, content]) => (path && content ? [{path, content}] : []));
  const [filled = '', ...additions] = blocks.flatMap(([, , , source]) => (source ? [source] : []));
  const executable = [...text.matchAll(/^ {4}chmod 755 distributions\/sysvian\/(\S+)$/gm)].map(
    ([, path]) => path,
  );
  const module = join(recipe, 'index.ts');
  const rewrite = async (change: (source: string) => string) =>
    writeFile(module, change(await readFile(module, 'utf8')));

  return {
    async fill() {
      const values = filled.trimEnd().split('\n');
      await rewrite((source) =>
        source
          .split('\n')
          .map((line) =>
            line.includes('____') ? (values.shift() ?? 'nothing on the page fills this') : line,
          )
          .join('\n'),
      );
      if (values.length > 0)
        throw new Error(`the page fills blanks that are not there: ${values.join(', ')}`);
    },

    async complete() {
      for (const {path, content} of files) {
        await mkdir(dirname(join(recipe, path)), {recursive: true});
        await writeFile(join(recipe, path), content);
        if (executable.includes(path)) await chmod(join(recipe, path), 0o755);
      }
      for (const addition of additions) await rewrite((source) => withAddition(source, addition));
    },
  };
}

/** A recipe's source with a block of the page where it belongs: imports, steps of its own, a field instead of another. */
function withAddition(source: string, addition: string): string {
  if (addition.startsWith('import ')) return addition + source;
  const [, field] = /^ {2}(\w+): \[/.exec(addition) ?? [];
  if (field === undefined) return source.replace('export default', () => `${addition}\nexport default`);
  return source.replace(new RegExp(`^ {2}${field}: \\[[\\s\\S]*?\\],$\\n`, 'm'), () => addition);
}
