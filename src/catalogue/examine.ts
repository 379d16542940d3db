import {readFile, stat} from 'node:fs/promises';
import {basename, join, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {type Distribution, forRelease} from '../recipe/distribution.ts';
import type {Release} from '../recipe/release.ts';
import {lostFiles, lostRemedy} from '../rootfs/files.ts';
import {blank, blanksIn} from './blanks.ts';
import {type Naming, recipeMistakes} from './check.ts';
import {importMistakes} from './imports.ts';
import {findModule, importRecipe} from './load.ts';
import {isDistribution, releaseMistakes} from './shape.ts';

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
}

/** The recipes that come with the project. */
const builtIn = fileURLToPath(new URL('../../distributions', import.meta.url));

/** Looks for everything that is wrong with the recipe in a folder, without building it. */
export async function examineRecipe(path: string, naming: Naming): Promise<Examination> {
  const folder = resolve(path);
  if (!(await isFolder(folder))) return {mistakes: [{says: 'there is no such folder'}]};
  const [module] = await findModule(folder);
  if (module === undefined) return {mistakes: [{says: 'has no index.ts, index.js or index.mjs'}]};
  const found = await Promise.all([
    takenName(folder),
    blankMistakes(folder),
    importMistakes(folder),
    folderMistakes(folder, basename(module)),
  ]);
  const {mistakes, distribution} = await examineModule(module, naming);
  const told = found.flat();
  // Node.js says again, of the first of them, what has been told of all with their lines
  const again = told.some(({says}) => says.startsWith('imports ')) ? 'cannot be imported' : undefined;
  const all = [...told, ...mistakes.filter(({says}) => again === undefined || !says.startsWith(again))];
  return all.length > 0 || distribution === undefined ? {mistakes: all} : {mistakes: all, distribution};
}

/** What is wrong with what a recipe's module exports, in all its releases. */
async function examineModule(module: string, naming: Naming): Promise<Examination> {
  const file = basename(module);
  const imported = await importRecipe(module);
  if ('mistake' in imported) return {mistakes: [{file, says: imported.mistake}]};
  const {exported} = imported;
  // what is still blank has been told, with what belongs there
  const mistakes = recipeMistakes(exported, basename(resolve(module, '..')), naming)
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
  const idle = (await isFolder(join(folder, 'files'))) && !installed.some(({name}) => name === 'files');
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
  const own = join(builtIn, basename(folder));
  if (own === folder || !(await isFolder(own))) return [];
  return [{says: `${basename(folder)} is described by ${own} already; choose another name`}];
}

function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (stats) => stats.isDirectory(),
    () => false,
  );
}
