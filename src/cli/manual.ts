import type {Argument, Command, Option} from 'commander';
import {nameOf} from './program.ts';

/** The manual page of a program and its commands, as man(7) has it. */
export function manual(program: Command): string {
  const name = program.name();
  const help = program.createHelp();
  const commands = help.visibleCommands(program).filter((command) => command.name() !== 'help');
  const leaves = commands.flatMap((command) => (command.commands.length > 0 ? command.commands : [command]));
  return [
    `.TH ${name.toUpperCase()} 1 "" "${name} ${program.version()}" "User Commands"`,
    '.SH NAME',
    `${escaped(name)} \\- ${escaped(lowered(program.description()))}`,
    '.SH SYNOPSIS',
    ...leaves.flatMap((command) => ['.br', synopsis(command)]),
    '.SH COMMANDS',
    ...leaves.flatMap((command) => described(command)),
    '.SH SEE ALSO',
    '.BR lxc.container.conf (5),',
    '.BR mmdebstrap (1).',
    'Each command shows examples with',
    '.BR \\-\\-help .',
    '',
  ].join('\n');
}

function synopsis(command: Command): string {
  const words = command.registeredArguments.map((argument) => placeholder(argument));
  return `\\fB${escaped(nameOf(command))}\\fR [options] ${words.join(' ')}`.trimEnd();
}

function described(command: Command): string[] {
  const help = command.createHelp();
  const options = help.visibleOptions(command).filter((option) => option.long !== '--help');
  return [
    `.SS ${escaped(nameOf(command))}`,
    escaped(command.description() || command.summary()),
    ...command.registeredArguments.flatMap((argument) => [
      '.TP',
      placeholder(argument),
      escaped(argument.description),
    ]),
    ...options.flatMap((option) => ['.TP', `\\fB${escaped(option.flags)}\\fR`, escaped(meaning(option))]),
  ];
}

function meaning({description, argChoices}: Option): string {
  return argChoices === undefined ? description : `${description}: ${argChoices.join(', ')}`;
}

function placeholder(argument: Argument): string {
  const name = `\\fI${escaped(argument.name())}\\fR${argument.variadic ? ' ...' : ''}`;
  return argument.required ? name : `[${name}]`;
}

/** Text in which nothing is a request or an escape of roff. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^([.'])/gm, '\\&$1');
}

/** A sentence as the NAME section has it: without its capital and its full stop. */
function lowered(sentence: string): string {
  return (sentence.charAt(0).toLowerCase() + sentence.slice(1)).replace(/\.$/, '');
}
