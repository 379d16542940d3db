import {readdir, readFile, stat} from 'node:fs/promises';
import {isBuiltin} from 'node:module';
import {basename, dirname, join, parse, relative, resolve} from 'node:path';
import {checkout} from '../host/checkout.ts';
import {suggestion} from '../mistake.ts';
import {packageName} from './package-imports.ts';

/** A line of a recipe's file, and what is wrong with it. */
export interface LineMistake {
  /** Relative to the recipe's folder. */
  readonly file: string;
  readonly line: number;
  readonly says: string;
}

/** An import, export or call of `import()` in a source. */
export interface Import {
  /** The line its specifier is on, from 1. */
  readonly line: number;
  readonly specifier: string;
}

const builders = join(checkout, 'builders');

/**
 * What a recipe's module, and the modules of its folder that it imports, import that they must not or that is not there.
 * Recipes may import 'vpsadminos-templates', its build containers, Node.js' modules and files of their own folder.
 */
export async function importMistakes(folder: string, module: string): Promise<LineMistake[]> {
  const seen = new Set<string>();
  const examine = async (path: string): Promise<LineMistake[]> => {
    if (seen.has(path)) return [];
    seen.add(path);
    const file = relative(folder, path);
    const found = importsOf(await readFile(path, 'utf8')).map(async ({line, specifier}) => {
      const says = await mistakeIn(specifier, path, folder);
      if (says !== undefined) return [{file, line, says: `imports ${specifier}${says}`}];
      return /^\..*\.[cm]?[jt]s$/.test(specifier) ? examine(resolve(dirname(path), specifier)) : [];
    });
    return (await Promise.all(found)).flat();
  };
  const mistakes = await examine(module);
  return mistakes.toSorted((a, b) => (a.file === b.file ? a.line - b.line : a.file < b.file ? -1 : 1));
}

/** The modules that a source names in imports, exports and calls of `import()`. */
export function importsOf(source: string): Import[] {
  const pattern =
    /(?:^|;)[ \t]*(?:import\s*(?:[^'"`;()=]*?\bfrom\s*)?|export\s*(?:type\s*)?[{*][^'"`;()=]*?\bfrom\s*)(['"])([^'"\n]+)\1|\bimport\(\s*(['"])([^'"\n]+)\3/gm;
  return [...source.matchAll(pattern)].map((match) => ({
    line: source.slice(0, match.index + match[0].length).split('\n').length,
    specifier: match[2] ?? match[4] ?? '',
  }));
}

async function mistakeIn(specifier: string, path: string, folder: string): Promise<string | undefined> {
  if (specifier === packageName || specifier.startsWith('node:')) return undefined;
  if (specifier.startsWith(`${packageName}/`)) return mistakeInPackage(specifier);
  if (/^\.\.?(\/|$)/.test(specifier)) return mistakeInPath(resolve(dirname(path), specifier), folder);
  if (isBuiltin(specifier)) return `; write node:${specifier}`;
  return `: recipes import from '${packageName}', '${packageName}/builders/…', node: modules and files of their own folder only`;
}

async function mistakeInPackage(specifier: string): Promise<string | undefined> {
  const names = (await readdir(builders)).map((file) => `${packageName}/builders/${parse(file).name}`);
  return names.includes(specifier) ? undefined : `, which is not there${suggestion(specifier, names)}`;
}

async function mistakeInPath(path: string, folder: string): Promise<string | undefined> {
  if (!path.startsWith(`${folder}/`)) return `, which is outside of the recipe's folder`;
  const isFile = await stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
  if (isFile) return undefined;
  const beside = await readdir(dirname(path)).catch(() => []);
  return `, which is not there${suggestion(basename(path), beside)}`;
}
