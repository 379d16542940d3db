import {readdir, stat} from 'node:fs/promises';
import {basename, join, resolve} from 'node:path';
import {fileURLToPath, pathToFileURL} from 'node:url';
import {listed, refuse} from '../mistake.ts';
import type {Recipe} from '../recipe/distribution.ts';
import {type Naming, recipeMistakes} from './check.ts';
import {importMistakes} from './imports.ts';
import './package-imports.ts';
import {isDistribution} from './shape.ts';

/** What a recipe's module may be called, best first. */
const moduleNames = ['index.ts', 'index.js', 'index.mjs'];

/** What was found in one place, or what is wrong there. */
type Found<T> = {readonly value: T} | {readonly mistakes: readonly string[]};

/**
 * Loads every recipe of the folders, sorted by name: each direct subfolder with an `index.ts`, `index.js` or
 * `index.mjs` whose default export is a distribution. A relative folder is relative to the current one.
 *
 * Throws a Failure of kind `usage` with every mistake of every recipe, one a line, its file in front: a folder
 * that cannot be read or holds no recipe, a module that cannot be imported, a field of the wrong shape, ids that
 * would not fit vpsAdmin with this vendor and arch, a distribution that two folders describe.
 */
export async function loadDistributions(folders: readonly string[], naming: Naming): Promise<Recipe[]> {
  const places = [...new Set(folders.map((folder) => resolve(folder)))];
  const [modules, folderMistakes] = sort((await Promise.all(places.map(findModules))).flat());
  const [recipes, recipeMistakes] = sort(await Promise.all(modules.map((path) => loadRecipe(path, naming))));
  refuse(
    [...folderMistakes, ...recipeMistakes, ...twice(recipes)],
    'Correct the recipe or its folder, or leave the folder out of `distributions`.',
  );
  return recipes.toSorted((a, b) => (a.distribution.name < b.distribution.name ? -1 : 1));
}

async function findModules(folder: string): Promise<Found<string>[]> {
  try {
    const names = (await readdir(folder)).filter((name) => !name.startsWith('.')).toSorted();
    const modules = (await Promise.all(names.map((name) => findModule(join(folder, name))))).flat();
    if (modules.length > 0) return modules.map((value) => ({value}));
    return [{mistakes: [`${folder}: holds no recipe: no folder in it has an ${listed(moduleNames, 'or')}`]}];
  } catch (error) {
    return [{mistakes: [`${folder}: ${unreadable(error)}`]}];
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

async function loadRecipe(path: string, naming: Naming): Promise<Found<Recipe>> {
  const folder = new URL('.', pathToFileURL(path));
  const folderName = basename(fileURLToPath(folder));
  const imported = await importRecipe(path);
  if ('mistake' in imported) {
    const {path: file, line, mistake} = imported;
    return {mistakes: [`${file}${line === undefined ? '' : `:${line}`}: ${mistake}`]};
  }
  const {exported} = imported;
  const mistakes = recipeMistakes(exported, folderName, naming);
  if (mistakes.length === 0 && isDistribution(exported)) return {value: {distribution: exported, folder}};
  return {mistakes: mistakes.map((mistake) => `${path}: ${mistake}`)};
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
function twice(recipes: readonly Recipe[]): string[] {
  const names = recipes.flatMap(({distribution: {name, releases}, folder}) => [
    {kind: 'distribution', name, folder},
    ...releases.map(({version}) => ({kind: 'release', name: `${name}-${version}`, folder})),
  ]);
  const groups = Object.values(Object.groupBy(names, ({kind, name}) => `${kind} ${name}`));
  const mistakes = new Map<string, string>();
  for (const [first, ...others] of groups.map((group = []) => group)) {
    for (const {name, folder} of others) {
      const path = fileURLToPath(folder);
      const other = fileURLToPath(first?.folder ?? folder);
      mistakes.set(path, mistakes.get(path) ?? `${path}: ${name} is described by ${other} too`);
    }
  }
  return [...mistakes.values()];
}

function sort<T>(found: readonly Found<T>[]): [T[], string[]] {
  return [
    found.flatMap((each) => ('value' in each ? [each.value] : [])),
    found.flatMap((each) => ('mistakes' in each ? each.mistakes : [])),
  ];
}
