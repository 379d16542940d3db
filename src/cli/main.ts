import {CommanderError} from 'commander';
import {asFailure} from '../failure.ts';
import {program} from './program.ts';
import {printFailure} from './report/failure.ts';
import {outputLost, watchStandardOutput} from './standard-output.ts';

// containers and web servers enter folders made here, whatever the mask of the person who runs this
process.umask(0o022);

watchStandardOutput();

/**
 * The words as commander understands them: `help ct exec` asks for the help of the last, and a word that is no command
 * is told as such, whatever flags follow it.
 */
function wordsOf(argv: readonly string[]): readonly string[] {
  const [first = '', ...rest] = argv;
  if (first === 'help' && rest.length > 0) return wordsOf([...rest, '--help']);
  const known = ['help', ...program.commands.map((command) => command.name())];
  return first === '' || first.startsWith('-') || known.includes(first) ? argv : [first];
}

const [first] = process.argv.slice(2);
// it has a good deal to load, which no other command needs
if (first === 'complete') await import('./completion.ts').then(({addCompletion}) => addCompletion(program));

try {
  await program.parseAsync(wordsOf(process.argv.slice(2)), {from: 'user'});
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
  else {
    // what was lost has been told, and a reader that has gone wants no more
    if (error !== outputLost.reason) printFailure(error, process.stderr);
    process.exitCode = asFailure(error).exitCode;
  }
}
