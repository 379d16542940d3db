import {Command} from 'commander';
import packageJson from '../../package.json' with {type: 'json'};
import {type Invocation, rememberInvocation} from '../invocation.ts';
import {build} from './commands/build.ts';
import {checkRecipe} from './commands/check-recipe.ts';
import {ct} from './commands/ct.ts';
import {deploy} from './commands/deploy.ts';
import {doctor} from './commands/doctor.ts';
import {instantiate} from './commands/instantiate.ts';
import {ls} from './commands/ls.ts';
import {mirrors} from './commands/mirrors.ts';
import {newRecipe} from './commands/new.ts';
import {results} from './commands/results.ts';
import {serve} from './commands/serve.ts';
import {shell} from './commands/shell.ts';
import {test} from './commands/test.ts';

/** All commands with their flags, arguments and help. */
export const program = new Command('osctl-template')
  .description('Builds, boot-tests and publishes system container templates for vpsAdminOS.')
  .version(packageJson.version)
  .showSuggestionAfterError()
  .configureHelp({sortSubcommands: false})
  .enablePositionalOptions()
  .exitOverride()
  .addHelpText(
    'after',
    `
Templates are named by their id (debian-13-x86_64-vpsadminos-minimal), a short form of it (debian-13), a tag
(debian-stable), a glob ('debian-*'), a range of versions ('alpine@>=3.22') or all.

Examples:
  $ osctl-template doctor                 can this machine build?
  $ osctl-template ls                     what can be built, and what was
  $ osctl-template deploy debian-13       build, test and publish a template
  $ osctl-template serve                  offer the repository over HTTP
  $ . <(osctl-template complete bash)     complete commands and templates; or zsh, or fish

Exit codes: 0 done, 1 some template failed, 2 wrong usage or configuration, 3 this machine cannot, 130 interrupted,
141 stopped because nobody reads its output any more.
The configuration is osctl-templates.yml; docs/configuration.md describes it.`,
  );

for (const command of [
  ls,
  build,
  test,
  results,
  deploy,
  instantiate,
  shell,
  ct,
  mirrors,
  serve,
  newRecipe,
  checkRecipe,
  doctor,
])
  command(program);
for (const command of [program, ...program.commands, ...program.commands.flatMap((each) => each.commands)]) {
  command.exitOverride().showHelpAfterError(`  try: \`${nameOf(command)} --help\` shows how it is used.`);
}

program.hook('preAction', (_program, command) => rememberInvocation(command.opts<Invocation>()));

/** What a person types for a command: `osctl-template ct ls`. */
export function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`;
}
