import {join, resolve} from 'node:path';

/** The folder of this program's own files, with `distributions` and `node_modules`. */
export const checkout = resolve(import.meta.dirname, '../..');

/** Where the project's own recipes are. */
export const ownRecipes = join(checkout, 'distributions');
