import tab from '@bomb.sh/tab/commander';
import type {Command} from 'commander';
import {shortName} from '../recipe/template.ts';
import {openLibrary} from './session.ts';

/**
 * Adds `complete`: with a shell's name it prints what that shell loads (bash, zsh, fish), after `--` what may follow
 * the words of a command line. Templates, distributions and scenarios of the configuration are among it.
 */
export async function addCompletion(program: Command): Promise<void> {
  const {commands} = tab(program);
  const {available, recipes} = await openLibrary({}).catch(() => nothing);
  const words: Readonly<Record<string, readonly string[]>> = {
    template: available.listed.map(shortName),
    arguments: ['all', ...available.listed.map(shortName)], // of `test`
    templates: ['all', ...available.listed.map(shortName)],
    distributions: recipes.map(({distribution}) => distribution.name),
  };
  for (const command of commands.values()) {
    for (const [name, argument] of command.arguments) {
      const known = words[name];
      if (known === undefined) continue;
      argument.handler = (complete) => {
        for (const word of known) complete(word, '');
      };
    }
  }
}

/** Nothing is completed by a configuration or recipes with mistakes: other commands tell them. */
const nothing = {available: {listed: []}, recipes: []};
