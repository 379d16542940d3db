import {dirname, join, relative} from 'node:path';
import type {Command} from 'commander';
import {writeRecipe} from '../../catalogue/new-recipe.ts';
import {ownRecipes} from '../../host/checkout.ts';
import {ownCommand} from '../../invocation.ts';
import {listed} from '../../mistake.ts';
import {print, printJson} from '../print.ts';

export function newRecipe(program: Command): void {
  program
    .command('new')
    .summary('write a recipe to fill in')
    .description(
      'Writes the folder of a recipe that builds after its blanks are filled; docs/adding-a-distribution.md goes on. ' +
        'Outside of osctl-template’s folder, it also writes what editors and tsc need, where that is not there yet.',
    )
    .argument('<name>', "the distribution's name, as in template ids")
    .option('--in <folder>', "folder of recipes to put it in instead of the project's own", ownRecipes)
    .option('--json', 'print JSON instead of text')
    .addHelpText(
      'after',
      '\nExamples:\n  $ osctl-template new voidlinux\n  $ osctl-template new voidlinux --in /srv/recipes',
    )
    .action(async (name: string, flags: {readonly in: string; readonly json?: boolean}) => {
      const {folder, blanks, beside} = await writeRecipe(name, flags.in);
      if (flags.json) {
        printJson({folder, blanks, beside});
        return;
      }
      const shown = relative(process.cwd(), folder);
      const place = shown.startsWith('..') ? folder : shown;
      print(`${place} is written; to be filled, where it has ____:`);
      for (const {file, line, hint} of blanks) print(`  ${join(place, file)}:${line}: ${hint}`);
      if (beside.length > 0)
        print(`  for editors and tsc, ${dirname(place)} now has ${listed(beside, 'and')}`);
      print(`  try: \`${ownCommand('check-recipe', place)}\` says what is still wrong`);
    });
}
