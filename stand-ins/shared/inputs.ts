import {readFile} from 'node:fs/promises';
import {dirname, relative, resolve, sep} from 'node:path';
import {importsOf} from '../../src/catalogue/imports.ts';

/** Of the repository, the files that decide what a stand-in or a part is; see `inputsOf`. */
export interface Inputs {
  /** Absolute paths of folders, all of which counts, sorted. */
  readonly folders: readonly string[];
  /** Modules that are in none of those, sorted. */
  readonly modules: readonly string[];
}

/**
 * What a module of `stand-ins` is made of, found by following its imports: the module's own folder as a whole, with the
 * scripts and files in it, and those of the modules that it imports. A module that lies directly in `shared` counts
 * alone. Modules outside of `stand-ins` are how commands are run, not what is made, and do not count.
 */
export async function inputsOf(module: string, standIns: string): Promise<Inputs> {
  const shared = resolve(standIns, 'shared');
  const seen = new Set<string>();
  const follow = async (path: string): Promise<void> => {
    if (seen.has(path) || !path.startsWith(`${standIns}${sep}`) || !path.endsWith('.ts')) return;
    seen.add(path);
    const source = await readFile(path, 'utf8');
    await Promise.all(importsOf(source).map(({specifier}) => follow(resolve(dirname(path), specifier))));
  };
  await follow(module);
  const modules = [...seen];
  /** `stand-ins/alpine`, `stand-ins/shared/apk`; a folder below those counts with them. */
  const folderOf = (path: string) => {
    const [first = '', second = ''] = relative(standIns, path).split(sep);
    return first === 'shared' ? resolve(shared, second) : resolve(standIns, first);
  };
  const alone = modules.filter((path) => dirname(path) === shared);
  const folders = new Set(modules.filter((path) => !alone.includes(path)).map(folderOf));
  return {folders: [...folders].toSorted(), modules: alone.toSorted()};
}

/** Whether a file or a folder is one of the inputs. */
export function covers({folders, modules}: Inputs, path: string): boolean {
  return (
    modules.includes(path) || folders.some((folder) => path === folder || path.startsWith(`${folder}${sep}`))
  );
}
