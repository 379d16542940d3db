import {join} from 'node:path';
import type {Command} from 'commander';
import {examineRecipe, type RecipeMistake} from '../../catalogue/examine.ts';
import {loadConfiguration} from '../../config/load.ts';
import {ownCommand} from '../../invocation.ts';
import {print, printJson} from '../print.ts';

export function checkRecipe(program: Command): void {
  program
    .command('check-recipe')
    .summary('say everything that is wrong with a recipe')
    .description(
      'Looks at a recipe without building it: blanks to fill, imports, types, shapes and rules of its fields, its folders of files.',
    )
    .argument('<folder>', "the recipe's folder")
    .option('-c, --config <file>', 'configuration to use instead of osctl-templates.yml')
    .option('--json', 'print JSON instead of text')
    .addHelpText(
      'after',
      '\nExamples:\n  $ osctl-template check-recipe distributions/voidlinux\n  $ osctl-template check-recipe /srv/recipes/voidlinux --json',
    )
    .action(async (folder: string, flags: {readonly config?: string; readonly json?: boolean}) => {
      const {mistakes, typed, distribution} = await examineRecipe(folder, await loadConfiguration({flags}));
      const templates = distribution?.releases.map(({version}) => `${distribution.name}-${version}`) ?? [];
      if (!typed && !flags.json) print(untyped, process.stderr);
      if (flags.json) printJson({folder, mistakes, typed, templates});
      else if (mistakes.length === 0)
        print(`${folder}: nothing is wrong with it\n  try: \`${ownCommand('build', templates[0] ?? '')}\``);
      else print(mistakes.map((mistake) => told(folder, mistake)).join('\n'), process.stderr);
      if (mistakes.length > 0) process.exitCode = 2;
    });
}

const untyped =
  "types were not checked: TypeScript is not installed; run `npm ci --include=dev` in osctl-template's folder";

/** A mistake on one line, its place in front. */
function told(folder: string, {file, line, says}: RecipeMistake): string {
  const place = file === undefined ? folder : join(folder, file);
  return `${place}${line === undefined ? '' : `:${line}`}: ${says}`;
}
