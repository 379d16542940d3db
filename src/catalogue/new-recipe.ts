import {cp, mkdir, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {basename, join, resolve} from 'node:path';
import {Failure} from '../failure.ts';
import {checkout, ownRecipes} from '../host/checkout.ts';
import {makeFolder, writingTo} from '../host/folder.ts';
import {defaultRule, fieldPattern, fieldRule, isDefault} from '../recipe/template.ts';
import {type Blank, blanksIn} from './blanks.ts';
import {writeWorkspace} from './workspace.ts';

/** What a new recipe is a copy of; its name is its folder's. */
const skeleton = join(checkout, 'skeletons', 'distribution');

/** A recipe that was written, with blanks for what only its author knows. */
export interface NewRecipe {
  readonly folder: string;
  readonly blanks: readonly Blank[];
  /** What was written beside it for editors and tsc: paths relative to the folder of recipes. */
  readonly beside: readonly string[];
}

/**
 * Writes a recipe folder of a name into a folder of recipes. Throws a Failure of kind `usage` when the name cannot be
 * a distribution's, is one of the project's own, or is a folder's that is there; of kind `machine` when the folder of
 * recipes cannot be written to. Outside of this checkout it writes what writeWorkspace() tells, too.
 */
export async function writeRecipe(name: string, parent: string): Promise<NewRecipe> {
  if (!fieldPattern.test(name) || isDefault(name)) {
    const rule = isDefault(name) ? defaultRule : `must be ${fieldRule}`;
    throw new Failure(`${name} is no name for a distribution: it ${rule}`, {kind: 'usage'});
  }
  const folder = resolve(parent, name);
  if ((await readdir(ownRecipes)).includes(name)) {
    throw new Failure(`${join(ownRecipes, name)} is there already`, {kind: 'usage', remedy: otherName});
  }
  const place = resolve(parent);
  await writingTo(place, '--in', () => makeFolder(place));
  if ((await readdir(place)).includes(name))
    throw new Failure(`${folder} is there already`, {kind: 'usage', remedy: otherName});
  return writingTo(place, '--in', async () => {
    await copySkeleton(name, folder);
    return {folder, blanks: await blanksIn(folder), beside: await writeWorkspace(place)};
  });
}

/** Fills a new folder, or leaves none. */
async function copySkeleton(name: string, folder: string): Promise<void> {
  await mkdir(folder);
  try {
    await cp(skeleton, folder, {recursive: true});
    const module = join(folder, 'index.ts');
    const source = await readFile(module, 'utf8');
    await writeFile(module, source.replaceAll(`'${basename(skeleton)}'`, `'${name}'`));
  } catch (error) {
    await rm(folder, {recursive: true, force: true});
    throw error;
  }
}

const otherName = 'Choose another name, or remove the folder.';
