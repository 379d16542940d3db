import {join, relative} from 'node:path';
import type {Command} from 'commander';
import {ownRecipes, writeRecipe} from '../../catalogue/new-recipe.ts';
import {ownCommand} from '../../invocation.ts';
import {print, printJson} from '../print.ts';

export function newRecipe(program: Command): void {
  program
    .command('new')
    .summary('write a recipe to fill in')
    .description(
      'Writes the folder of a recipe that builds after its blanks are filled; docs/adding-a-distribution.md goes on.',
    )
    .argument('<name>', "the distribution's name, as in template ids")
    .option('--in <folder>', "folder of recipes to put it in instead of the project's own", ownRecipes)
    .option('--json', 'print JSON instead of text')
    .addHelpText(
      'after',
      '\nExamples:\n  $ osctl-template new voidlinux\n  $ osctl-template new voidlinux --in /srv/recipes',
    )
    .action(async (name: string, flags: {readonly in: string; readonly json?: boolean}) => {
      const {folder, blanks} = await writeRecipe(name, flags.in);
      if (flags.json) {
        printJson({folder, blanks});
        return;
      }
      const shown = relative(process.cwd(), folder);
      const place = shown.startsWith('..') ? folder : shown;
      print(`${place} is written; to be filled, where it has ____:`);
      for (const {file, line, hint} of blanks) print(`  ${join(place, file)}:${line}: ${hint}`);
      print(`  try: \`${ownCommand('check-recipe', place)}\` says what is still wrong`);
    });
}
