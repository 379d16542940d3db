import {once} from 'node:events';
import {resolve} from 'node:path';
import type {Command} from 'commander';
import {loadConfiguration} from '../../config/load.ts';
import {Failure} from '../../failure.ts';
import {serve as serveFolder} from '../../repository/serve.ts';
import {interruption} from '../interruption.ts';
import {configurationOptions, type GivenFlags} from '../options.ts';
import {print, printJson} from '../print.ts';

interface ServeFlags extends GivenFlags {
  readonly host?: string;
  readonly port?: string;
}

export function serve(program: Command): void {
  configurationOptions(program.command('serve'))
    .summary('offer a repository over HTTP')
    .description(
      'Serves a repository, read only, until it is interrupted. Only this machine can reach it unless --host says otherwise.',
    )
    .argument('[folder]', "repository to serve; the configuration's unless given")
    .option('--host <address>', 'address to listen on', '127.0.0.1')
    .option('--port <number>', 'port to listen on; 0 for any that is free', '8080')
    .addHelpText(
      'after',
      '\nExamples:\n  $ osctl-template serve\n  $ osctl-template serve /srv/templates --host 192.0.2.10 --port 80',
    )
    .action(async (folder: string | undefined, flags: ServeFlags) => {
      const {repository} = await loadConfiguration({flags});
      const signal = interruption();
      const path = folder === undefined ? repository : resolve(folder);
      await using server = await serveFolder(path, {
        host: flags.host ?? '127.0.0.1',
        port: portOf(flags.port),
      });
      if (flags.json) printJson({url: server.url, folder: path}, 0);
      else print(`${path} is at ${server.url}; Ctrl-C ends it`);
      if (!signal.aborted) await once(signal, 'abort');
    });
}

function portOf(text = '8080'): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new Failure(`--port must be a number from 0 to 65535, not ${text}`, {
    kind: 'usage',
    remedy: '8080 is used when none is given; 0 takes any that is free.',
  });
}
