import {cp, mkdir, readdir, readFile, writeFile} from 'node:fs/promises';
import {basename, join, relative, resolve} from 'node:path';
import {fileURLToPath} from 'node:url';
import {Failure} from '../failure.ts';
import {defaultRule, fieldPattern, fieldRule, isDefault} from '../recipe/template.ts';
import {type Blank, blanksIn} from './blanks.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));

/** Where the project's own recipes are. */
export const ownRecipes = join(checkout, 'distributions');

/** What a new recipe is a copy of; its name is its folder's. */
const skeleton = join(checkout, 'skeletons', 'distribution');

/** A recipe that was written, with blanks for what only its author knows. */
export interface NewRecipe {
  readonly folder: string;
  readonly blanks: readonly Blank[];
}

/**
 * Writes a recipe folder of a name into a folder of recipes. Throws a Failure of kind `usage` when the name cannot be
 * a distribution's, is one of the project's own, or is a folder's that is there.
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
  await mkdir(resolve(parent), {recursive: true});
  await mkdir(folder).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
    throw new Failure(`${folder} is there already`, {kind: 'usage', remedy: otherName, cause: error});
  });
  await cp(skeleton, folder, {recursive: true});
  const module = join(folder, 'index.ts');
  const source = await readFile(module, 'utf8');
  await writeFile(module, withImports(source.replaceAll(`'${basename(skeleton)}'`, `'${name}'`), folder));
  return {folder, blanks: await blanksIn(folder)};
}

const otherName = 'Choose another name, or remove the folder.';

/** A source whose imports from two folders above it lead to the checkout, wherever its folder is. */
function withImports(source: string, folder: string): string {
  const inCheckout = !relative(checkout, folder).startsWith('..');
  const up = inCheckout ? relative(folder, checkout) : checkout.replace(/\/$/, '');
  return source.replaceAll("'../../", `'${up}/`);
}
