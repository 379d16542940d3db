import {lstat, mkdir, readFile, realpath, symlink, writeFile} from 'node:fs/promises';
import {join, relative} from 'node:path';
import {checkout} from '../host/checkout.ts';
import {packageName} from './package-imports.ts';

const link = `node_modules/${packageName}`;

/**
 * Writes what an editor and tsc need for the recipes of a folder outside of this checkout: package.json, tsconfig.json
 * with this checkout's options, .gitignore, and a link to this checkout in node_modules. Only the link, which .gitignore
 * leaves out of a commit, has a path of this machine. Gives the paths it wrote, relative to the folder: what is there
 * already stays as it is. Inside the checkout nothing is needed.
 */
export async function writeWorkspace(folder: string): Promise<string[]> {
  const place = relative(await realpath(checkout), await realpath(folder));
  if (place !== '..' && !place.startsWith('../')) return [];
  const files = {
    'package.json': json({private: true, type: 'module'}),
    'tsconfig.json': json(await project()),
    '.gitignore': 'node_modules/\n',
  };
  const written: string[] = [];
  for (const [name, content] of Object.entries(files)) {
    if (await isThere(join(folder, name))) continue;
    await writeFile(join(folder, name), content, {flag: 'wx'});
    written.push(name);
  }
  if (await isThere(join(folder, link))) return written;
  if (!(await isThere(join(folder, 'node_modules')))) await mkdir(join(folder, 'node_modules'));
  await symlink(checkout, join(folder, link));
  return [...written, link];
}

/** This checkout's options, its types found through the link. */
async function project() {
  const {compilerOptions}: {compilerOptions: Readonly<Record<string, unknown>>} = JSON.parse(
    await readFile(join(checkout, 'tsconfig.json'), 'utf8'),
  );
  return {compilerOptions: {...compilerOptions, typeRoots: [`./${link}/node_modules/@types`]}};
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Whether a path is there, a link that leads nowhere included. */
function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
