import {join} from 'node:path';
import type {Command} from 'commander';
import {instantiate as bootInstance} from '../../boot/instantiate.ts';
import {ownCommand} from '../../invocation.ts';
import {openLog} from '../../pipeline/log.ts';
import {latestBuild} from '../../pipeline/store.ts';
import {shortName} from '../../recipe/template.ts';
import {tellLeftOut} from '../left-out.ts';
import {configurationOptions, type GivenFlags} from '../options.ts';
import {print, printJson} from '../print.ts';
import {theOne} from '../selection.ts';
import {openSession} from '../session.ts';

export function instantiate(program: Command): void {
  configurationOptions(program.command('instantiate'))
    .summary('start a container from a template, to look around')
    .description(
      "Boots a template's last build as a node would, in a container that stays until `ct del` removes it. Its network leads nowhere.",
    )
    .argument('<template>', 'id, short name or tag')
    .option('--hostname <name>', "the container's hostname; the template's name unless given")
    .addHelpText(
      'after',
      '\nExamples:\n  $ osctl-template instantiate debian-13\n  $ osctl-template ct exec debian-13-1a2b3c\n  $ osctl-template ct del debian-13-1a2b3c',
    )
    .action(async (name: string, flags: GivenFlags & {readonly hostname?: string}) => {
      const session = await openSession(flags);
      const template = theOne(name, session);
      await using claim = await session.claim(template, () =>
        print(`waiting for another run that works on ${shortName(template)}`, process.stderr),
      );
      const build = await latestBuild(session.output.builds, template, tellLeftOut);
      const title = shortName(template);
      await using log = await openLog(join(session.output.logs, `${session.serial}-${title}.instance.log`));
      const instance = await bootInstance(build, session.recipeOf(template).distribution, {
        engine: session.engine,
        title,
        scratch: {medium: 'disk'},
        hostname: flags.hostname ?? title,
        log: log.line,
        signal: AbortSignal.any([session.signal, claim.signal]),
      });
      if (flags.json) {
        printJson(instance, 0);
        return;
      }
      print(`${instance.name} runs (${instance.state})`);
      print(`  ${ownCommand('ct', 'exec', instance.name)}   a shell in it`);
      print(`  ${ownCommand('ct', 'del', instance.name)}    ends and removes it`);
    });
}
