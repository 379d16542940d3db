import {type Command, Option} from 'commander';
import type {Flags} from '../config/resolve.ts';

/** A command's flags as commander gives them. */
export type GivenFlags = Omit<Flags, 'distributions'> & {
  readonly distributions?: readonly string[];
  readonly json?: boolean;
};

const several = (value: string, before: readonly string[] = []) => [...before, value];

/** Flags of every command that reads the configuration. */
export function settingsOptions(command: Command): Command {
  return command
    .option('-c, --config <file>', 'configuration to use instead of osctl-templates.yml')
    .option('-o, --output <folder>', 'folder for builds, caches and logs')
    .option('-d, --distributions <folder>', 'folder with more recipes; may be given several times', several);
}

/** The same of commands that can answer programs. */
export function configurationOptions(command: Command): Command {
  return settingsOptions(command).option('--json', 'print JSON instead of text');
}

/** Flags of every command that builds or boots several templates. */
export function containerOptions(command: Command): Command {
  const jobs = 'templates at once; as many as cores and memory carry unless given';
  return limitOptions(configurationOptions(command).option('-j, --jobs <number>', jobs));
}

/** What a container may use. */
export function limitOptions(command: Command): Command {
  return command
    .option('--memory <size>', 'most memory a build container may use, such as 4G')
    .option('--cpus <number>', 'most processors a build container may use, such as 1.5')
    .option('--processes <number>', 'most processes a container may have; 4096 unless given')
    .addOption(new Option('--tree <where>', 'where trees are built').choices(['auto', 'tmpfs', 'disk']));
}

/** Flags of commands that test. */
export interface TestFlags extends GivenFlags {
  readonly junit?: string;
}

export function testOptions(command: Command): Command {
  return command.option('--junit <file>', 'write what the scenarios found as JUnit XML for CI');
}

/** Flags of commands that fetch packages. */
export function sourceOptions(command: Command): Command {
  return command.option(
    '--accept-expired <when>',
    'take signed indexes that have expired: true, false or host',
  );
}

/** The flag of commands that publish or serve. */
export function repositoryOption(command: Command): Command {
  return command.option('-r, --repository <folder>', 'repository to publish in');
}
