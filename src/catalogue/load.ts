import {readdir, stat} from 'node:fs/promises';
import {basename, dirname, join, resolve} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {listed, refuse} from '../mistake.ts';
import type {Recipe} from '../recipe/distribution.ts';
import {type Naming, recipeMistakes} from './check.ts';
import {importMistakes} from './imports.ts';
import './package-imports.ts';
import {isDistribution} from './shape.ts';

/** What a recipe's module may be called, best first. */
const moduleNames = ['index.ts', 'index.js', 'index.mjs'];

/** A folder whose recipe cannot be used. */
export interface BrokenRecipe {
  /** The folder's, which its distribution would have. */
  readonly name: string;
  readonly folder: string;
  /** What is wrong, each with its file in front. */
  readonly mistakes: readonly string[];
}

/** The recipes of some folders, sorted by name, and what is wrong with those that cannot be used. */
export interface FoundRecipes {
  readonly recipes: readonly Recipe[];
  readonly broken: readonly BrokenRecipe[];
}

/** The same, with everything wrong refused: throws a Failure of kind `usage` for broken recipes, too. */
export async function loadDistributions(
  folders: readonly string[],
  naming: Naming,
): Promise<readonly Recipe[]> {
  const {recipes, broken} = await findDistributions(folders, naming);
  refuse(
    broken.flatMap(({mistakes}) => mistakes),
    remedy,
  );
  return recipes;
}

/**
 * Loads every recipe of the folders, sorted by name: each direct subfolder with an `index.ts`, `index.js` or
 * `index.mjs` whose default export is a distribution. A relative folder is relative to the current one.
 *
 * Broken are recipes whose module cannot be imported or has a field of the wrong shape, whose ids would not fit vpsAdmin
 * with this vendor and arch, and all that describe one distribution. Throws a Failure of kind `usage` for folders that
 * cannot be read or hold no recipe.
 */
export async function findDistributions(folders: readonly string[], naming: Naming): Promise<FoundRecipes> {
  const places = [...new Set(folders.map((folder) => resolve(folder)))];
  const found = await Promise.all(places.map(findModules));
  refuse(
    found.flatMap((each) => (typeof each === 'string' ? [each] : [])),
    remedy,
  );
  const modules = found.flatMap((each) => (typeof each === 'string' ? [] : each));
  const loaded = await Promise.all(modules.map((path) => loadRecipe(path, naming)));
  const whole = loaded.flatMap((each) => ('distribution' in each ? [each] : []));
  const doubled = twice(whole);
  return {
    recipes: whole
      .filter((recipe) => !doubled.some(({folder}) => folder === fileURLToPath(recipe.folder)))
      .toSorted((a, b) => (a.distribution.name < b.distribution.name ? -1 : 1)),
    broken: [...loaded.flatMap((each) => ('mistakes' in each ? [each] : [])), ...doubled],
  };
}

const remedy = 'Correct the recipe or its folder, or leave the folder out of `distributions`.';

/** The paths of the modules of a folder of recipes, or what is wrong with it. */
async function findModules(folder: string): Promise<string[] | string> {
  try {
    const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).toSorted();
    const modules = (await Promise.all(names.map((name) => findModule(join(folder, name))))).flat();
    if (modules.length > 0) return modules;
    return `${folder}: holds no recipe: no folder in it has an ${listed(moduleNames, 'or')}`;
  } catch (error) {
    return `${folder}: ${unreadable(error)}`;
  }
}

function unreadable(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such folder';
  if (code === 'ENOTDIR') return 'is not a folder';
  return `cannot be read: ${reason(error)}`;
}

/** The path of a folder's module; a list of one, or none. */
export async function findModule(folder: string): Promise<string[]> {
  const paths = moduleNames.map((name) => join(folder, name));
  const present = await Promise.all(
    paths.map((path) =>
      stat(path).then(
        (stats) => stats.isFile(),
        () => false,
      ),
    ),
  );
  return paths.filter((_, index) => present[index]).slice(0, 1);
}

/** Why a recipe's module cannot be imported, and where that shows. */
export interface ImportMistake {
  readonly mistake: string;
  /** The module's, or that of a file of its folder which it imports. */
  readonly path: string;
  readonly line?: number;
}

/** What a recipe's module exports by default, or why it cannot be imported. */
export async function importRecipe(path: string): Promise<{readonly exported: unknown} | ImportMistake> {
  try {
    const module: {default?: unknown} = await import(pathToFileURL(path).href);
    return {exported: module.default};
  } catch (error) {
    return {mistake: `cannot be imported: ${reason(error)}`, ...(await place(path, error))};
  }
}

async function loadRecipe(path: string, naming: Naming): Promise<Recipe | BrokenRecipe> {
  const folder = dirname(path);
  const broken = (mistakes: readonly string[]) => ({name: basename(folder), folder, mistakes});
  const imported = await importRecipe(path);
  if ('mistake' in imported) {
    const {path: file, line, mistake} = imported;
    return broken([`${file}${line === undefined ? '' : `:${line}`}: ${mistake}`]);
  }
  const {exported} = imported;
  const mistakes = recipeMistakes(exported, basename(folder), naming);
  if (mistakes.length === 0 && isDistribution(exported))
    return {distribution: exported, folder: new URL('.', pathToFileURL(path))};
  return broken(mistakes.map((mistake) => `${path}: ${mistake}`));
}

/**
 * The line of the recipe's folder that an error's stack names, or else that of the first wrong import, of which Node.js
 * does not say where it is.
 */
async function place(path: string, error: unknown): Promise<Pick<ImportMistake, 'path' | 'line'>> {
  const folder = join(path, '..');
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  for (const [, named = '', line = ''] of stack.matchAll(/((?:file:\/\/)?\/[^\s()]+?):(\d+)/g)) {
    const file = named.startsWith('file:') ? fileURLToPath(named) : named;
    if (file.startsWith(`${folder}/`)) return {path: file, line: Number(line)};
  }
  const [first] = await importMistakes(folder, path);
  return first === undefined ? {path} : {path: join(folder, first.file), line: first.line};
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
}

/** Recipes of one distribution, or of ids in common: `a` with a version `b-1` has those of `a-b` with a version `1`. */
function twice(recipes: readonly Recipe[]): BrokenRecipe[] {
  const names = recipes.flatMap((recipe) => {
    const {name, releases} = recipe.distribution;
    const ids = releases.map(({version}) => `release ${name}-${version}`);
    return [`distribution ${name}`, ...ids].map((id) => ({id, recipe}));
  });
  const shared = Object.entries(Object.groupBy(names, ({id}) => id));
  return recipes.flatMap((recipe) => {
    const folder = fileURLToPath(recipe.folder);
    for (const [id, owners = []] of shared) {
      const other = owners.find((owner) => owner.recipe !== recipe)?.recipe;
      if (other === undefined || !owners.some((owner) => owner.recipe === recipe)) continue;
      const says = `${folder}: ${id.split(' ')[1]} is described by ${fileURLToPath(other.folder)} too`;
      return [{name: recipe.distribution.name, folder, mistakes: [says]}];
    }
    return [];
  });
}
