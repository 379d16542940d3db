import {access, mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join, relative, resolve} from 'node:path';
import {checkout} from '../host/checkout.ts';
import {tryCommand} from '../host/command.ts';
import type {LineMistake} from './imports.ts';
import {packageName} from './package-imports.ts';

const typescript = join(checkout, 'node_modules/typescript/bin/tsc');

/** Seconds; it takes less than one for a recipe. */
const limit = 120;

/**
 * What TypeScript says of a recipe's module and the files of its folder that it imports, by this checkout's compiler and
 * options, whatever project the folder belongs to. Undefined where the compiler is not installed.
 */
export async function typeMistakes(
  folder: string,
  module: string,
  compiler: string = typescript,
): Promise<LineMistake[] | undefined> {
  const installed = await access(compiler).then(
    () => true,
    () => false,
  );
  if (!installed) return undefined;
  const project = await mkdtemp(join(tmpdir(), 'osctl-template-types-'));
  try {
    const file = join(project, 'tsconfig.json');
    await writeFile(file, JSON.stringify(projectOf(module)));
    const argv = [process.execPath, compiler, '--project', file, '--pretty', 'false'];
    const {stdout} = await tryCommand(argv, {title: 'tsc', limit});
    return diagnosticsIn(stdout, folder);
  } finally {
    await rm(project, {recursive: true, force: true});
  }
}

/** A tsconfig.json for one module, which Node.js takes for an ES module whether or not a package.json says so. */
function projectOf(module: string) {
  return {
    extends: join(checkout, 'tsconfig.json'),
    compilerOptions: {
      module: 'ESNext',
      moduleResolution: 'bundler',
      allowJs: true,
      typeRoots: [join(checkout, 'node_modules/@types')],
      paths: {
        [packageName]: [join(checkout, 'src/index.ts')],
        [`${packageName}/builders/*`]: [join(checkout, 'builders/*.ts')],
      },
    },
    files: [module],
    include: [],
  };
}

/**
 * The errors in files of a folder: `index.ts(41,16): error TS2345: Argument of type …`, paths relative to the current
 * folder, lines that go on indented below.
 */
function diagnosticsIn(output: string, folder: string): LineMistake[] {
  return output.split('\n').flatMap((text) => {
    const [, path = '', line = '', says = ''] = /^(.+?)\((\d+),\d+\): error (TS\d+: .*)$/.exec(text) ?? [];
    const file = relative(folder, resolve(path));
    return path === '' || file.startsWith('..') ? [] : [{file, line: Number(line), says}];
  });
}
