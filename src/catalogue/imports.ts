import {readdir, readFile, stat} from 'node:fs/promises';
import {basename, dirname, join, relative, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {suggestion} from '../mistake.ts';

/** A line of a recipe's file, and what is wrong with it. */
export interface LineMistake {
  /** Relative to the recipe's folder. */
  readonly file: string;
  readonly line: number;
  readonly says: string;
}

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** Rooms of `src` that recipes and builders know nothing of; biome.json has the same list. */
const closed = [
  'host',
  'container',
  'image',
  'builder',
  'pipeline',
  'boot',
  'repository',
  'config',
  'catalogue',
  'cli',
];

/** What a recipe's modules import that they must not, or that is not there. */
export async function importMistakes(folder: string): Promise<LineMistake[]> {
  const names = await readdir(folder, {recursive: true});
  const modules = names.filter((name) => /\.(ts|js|mjs)$/.test(name) && !/^files\//.test(name)).toSorted();
  return (await Promise.all(modules.map((name) => mistakesOf(folder, name)))).flat();
}

async function mistakesOf(folder: string, file: string): Promise<LineMistake[]> {
  const source = await readFile(join(folder, file), 'utf8');
  const found = importsOf(source).map(async ({line, specifier}) => {
    const says = await mistakeIn(specifier, dirname(join(folder, file)));
    return says === undefined ? [] : [{file, line, says}];
  });
  return (await Promise.all(found)).flat();
}

/** The modules that a source names by a path, with their lines. */
export function importsOf(source: string): {readonly line: number; readonly specifier: string}[] {
  const pattern =
    /^[ \t]*(?:import|export)\b[^'"`;]*?(['"])([./][^'"]*)\1|\bimport\(\s*(['"])([./][^'"]*)\3/gm;
  return [...source.matchAll(pattern)].map((match) => ({
    line: source.slice(0, match.index + match[0].length).split('\n').length,
    specifier: match[2] ?? match[4] ?? '',
  }));
}

async function mistakeIn(specifier: string, from: string): Promise<string | undefined> {
  const path = resolve(from, specifier);
  const [top, room = ''] = relative(checkout, path).split('/');
  if (top === 'src' && closed.includes(room)) {
    return `imports ${relative(checkout, path)}: recipes and builders import from src/recipe, src/rootfs and src/osctl only`;
  }
  const isFile = await stat(path).then(
    (stats) => stats.isFile(),
    () => false,
  );
  if (isFile) return undefined;
  const beside = await readdir(dirname(path)).catch(() => []);
  return `imports ${specifier}, which is not there${suggestion(basename(path), beside)}`;
}
