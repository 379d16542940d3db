import {readFile, realpath, stat} from 'node:fs/promises';
import {basename, join, relative, resolve} from 'node:path';
import {ownRecipes} from '../host/checkout.ts';
import {type Distribution, forRelease} from '../recipe/distribution.ts';
import type {Release} from '../recipe/release.ts';
import {lostFiles, lostRemedy} from '../rootfs/files.ts';
import {blank, blanksIn} from './blanks.ts';
import {type Naming, recipeMistakes} from './check.ts';
import {importMistakes, type LineMistake} from './imports.ts';
import {findModule, importRecipe} from './load.ts';
import {isDistribution, releaseMistakes} from './shape.ts';
import {typeMistakes} from './types.ts';

/** Something that is wrong with a recipe. */
export interface RecipeMistake {
  /** Relative to the recipe's folder; none where it is the folder's. */
  readonly file?: string;
  readonly line?: number;
  readonly says: string;
}

/** What an examination found: everything that is wrong, or else the recipe. */
export interface Examination {
  readonly mistakes: readonly RecipeMistake[];
  readonly distribution?: Distribution;
  /** Whether TypeScript, which a checkout for building alone does not have, looked at it. */
  readonly typed: boolean;
}

/** Looks for everything that is wrong with the recipe in a folder, without building it. */
export async function examineRecipe(path: string, naming: Naming): Promise<Examination> {
  if (!(await isFolder(path))) return {mistakes: [{says: 'there is no such folder'}], typed: false};
  const folder = await realpath(path);
  const [module] = await findModule(folder);
  if (module === undefined)
    return {mistakes: [{says: 'has no index.ts, index.js or index.mjs'}], typed: false};
  const imports = await importMistakes(folder, module);
  const types = await typeMistakes(folder, module);
  const found = await Promise.all([
    takenName(folder),
    blankMistakes(folder),
    imports,
    folderMistakes(folder, basename(module)),
  ]);
  const told: RecipeMistake[] = found.flat();
  const {mistakes, distribution} = await examineModule(module, naming, [...imports, ...(types ?? [])]);
  const all = [...told, ...unlike(types ?? [], told), ...mistakes];
  const examination = {mistakes: all, typed: types !== undefined};
  return all.length > 0 || distribution === undefined ? examination : {...examination, distribution};
}

/** The mistakes on lines of which nothing has been told yet. */
function unlike(mistakes: readonly LineMistake[], told: readonly RecipeMistake[]): LineMistake[] {
  return mistakes.filter(({file, line}) => !told.some((other) => other.file === file && other.line === line));
}

/**
 * What is wrong with what a recipe's module exports, in all its releases. That it cannot be imported is told only where
 * it is not on a line that has mistakes already, which say more.
 */
async function examineModule(
  module: string,
  naming: Naming,
  told: readonly LineMistake[],
): Promise<Pick<Examination, 'mistakes' | 'distribution'>> {
  const folder = resolve(module, '..');
  const file = basename(module);
  const imported = await importRecipe(module);
  if ('mistake' in imported) {
    const {path, line, mistake: says} = imported;
    if (line === undefined) return {mistakes: told.length > 0 ? [] : [{file: relative(folder, path), says}]};
    return {mistakes: unlike([{file: relative(folder, path), line, says}], told)};
  }
  const {exported} = imported;
  // what is still blank has been told, with what belongs there
  const mistakes = recipeMistakes(exported, basename(folder), naming)
    .filter((says) => !says.includes(blank))
    .map((says) => ({file, says}));
  if (!isDistribution(exported)) return {mistakes};
  const inReleases = exported.releases.flatMap((release) => settlingMistakes(exported, release));
  const all = [...mistakes, ...inReleases.map((says) => ({file, says}))];
  return {mistakes: all, distribution: exported};
}

/** What goes wrong when a recipe is settled for a release. */
function settlingMistakes(recipe: Distribution, {version}: Release): string[] {
  try {
    return releaseMistakes(forRelease(recipe, version)).map((says) => `for the release ${version}: ${says}`);
  } catch (error) {
    return [`for the release ${version}: ${error instanceof Error ? error.message : String(error)}`];
  }
}

async function blankMistakes(folder: string): Promise<RecipeMistake[]> {
  return (await blanksIn(folder)).map(({file, line, hint}) => ({
    file,
    line,
    says: `is to be filled: ${hint}`,
  }));
}

/** Folders of files that a recipe installs and has not, and the other way round. */
async function folderMistakes(folder: string, file: string): Promise<RecipeMistake[]> {
  const source = await readFile(join(folder, file), 'utf8');
  const installed = [...source.matchAll(/\bfiles\(\s*(['"])([^'"]+)\1/g)].map((match) => ({
    line: source.slice(0, match.index).split('\n').length,
    name: match[2] ?? '',
  }));
  const absent = installed.map(async ({line, name}): Promise<RecipeMistake[]> => {
    if (await isFolder(join(folder, name))) return unkept(folder, name);
    return [{file, line, says: `installs files from ${name}/, and there is no such folder beside it`}];
  });
  const idle =
    (await isFolder(join(folder, 'files'))) && !installed.some(({name}) => name.split('/')[0] === 'files');
  return [
    ...(await Promise.all(absent)).flat(),
    ...(idle ? [{file: 'files', says: "no step installs it; files('files') in `configure` does"}] : []),
  ];
}

/** Files in a folder that is installed which cannot be. */
async function unkept(folder: string, installed: string): Promise<RecipeMistake[]> {
  const lost = await lostFiles(join(folder, installed));
  return lost.map(({name, lost: why}) => ({file: join(installed, name), says: `${why}. ${lostRemedy}`}));
}

/** A recipe of the project's own that has the name already. */
async function takenName(folder: string): Promise<RecipeMistake[]> {
  const own = join(ownRecipes, basename(folder));
  if (own === folder || !(await isFolder(own))) return [];
  return [{says: `${basename(folder)} is described by ${own} already; choose another name`}];
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
