import {dirname, join, resolve} from 'node:path';
import {z} from 'zod';
import {type Proxies, proxiesIn} from '../host/proxies.ts';
import {refuse} from '../mistake.ts';
import type {TemplateSettings} from '../recipe/settings.ts';
import type {Sources} from '../recipe/step.ts';
import type {ConfigurationFile} from './file.ts';
import {type Settings, scalars} from './schema.ts';

/** Everything that can be set, with nothing left open. Paths are absolute. */
export interface Configuration {
  readonly vendor: string;
  readonly arch: string;
  readonly output: string;
  readonly repository: string;
  /** Folders of recipes, the built-in one first. */
  readonly distributions: readonly string[];
  /** The templates the repository holds, by short name; undefined means every one there is. */
  readonly templates: Readonly<Record<string, TemplateSettings>> | undefined;
  /** Mirrors by distribution and the recipe's name for the source. */
  readonly mirrors: Readonly<Record<string, Sources>>;
  /** Files of public keys by distribution, which are trusted instead of the recipe's. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** The proxies of every build, and those of some distributions in their place. */
  readonly proxy: ConfiguredProxies;
  /** Take signed indexes whose validity has run out; `host`: as this machine's apt is set. */
  readonly acceptExpired: 'host' | boolean;
  /** Builds at once. */
  readonly jobs: 'auto' | number;
  /** Bytes a build container may use; undefined means no limit of its own. */
  readonly memory: number | undefined;
  /** Processors a build container may use; undefined means no limit of its own. */
  readonly cpus: number | undefined;
  /** Processes a build container, or one that is tested, may have; undefined means the default. */
  readonly processes: number | undefined;
  readonly tree: 'auto' | 'tmpfs' | 'disk';
  /** Seconds. */
  readonly limits: {readonly step: number; readonly build: number; readonly test: number};
  /** Days after which a builder is made anew. */
  readonly builders: {readonly maximumAge: number};
  /** Where it was read from, for errors; undefined when there is no file. */
  readonly file: ConfigurationFile | undefined;
}

export interface ConfiguredProxies extends Proxies {
  readonly distributions: Readonly<Record<string, Proxies>>;
}

/** The proxies of a distribution's builds. */
export function proxiesOf({distributions, ...all}: ConfiguredProxies, distribution: string): Proxies {
  return overlaid(all, distributions[distribution]);
}

/** Proxies, with others in their place where there are any. */
function overlaid({http, https, none}: Proxies, over: Proxies = {}): Proxies {
  return {http: over.http ?? http, https: over.https ?? https, none: over.none ?? none};
}

/** The command line's flags as they were written; ones that were not given are undefined. */
export type Flags = Readonly<
  Partial<Record<Scalar | 'config', string | undefined>> & {distributions?: readonly string[] | undefined}
>;

/** Environment variables by name, as in `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export interface Origins {
  readonly flags: Flags;
  readonly env: Environment;
  readonly file: ConfigurationFile | undefined;
  /** The current folder: paths in flags and the environment are relative to it. */
  readonly folder: string;
  /** The project's folder, with the built-in `distributions`. */
  readonly root: string;
}

type Scalar = keyof typeof scalars;
type Overrides = Partial<Pick<Settings, Scalar | 'distributions'>>;

const shape = z.object({...scalars, distributions: z.array(z.string())}).partial();

/**
 * One configuration: flags win over the environment, the environment over the file, the file over the defaults.
 * Nothing is read; relative paths become absolute, the file's from its folder.
 *
 * Throws a Failure of kind `usage` with every flag and variable that does not fit.
 */
export function resolveConfiguration({flags, env, file, folder, root}: Origins): Configuration {
  const fromFlags = overrides(flags, flagName);
  const fromEnv = overrides(fromVariables(env), variable);
  refuse(
    [...fromFlags.mistakes, ...fromEnv.mistakes],
    'docs/configuration.md describes every flag and environment variable.',
  );
  const fileFolder = file === undefined ? folder : dirname(file.path);
  const given = [
    absolute(fromFlags.settings, folder),
    absolute(fromEnv.settings, folder),
    absolute(file?.settings ?? {}, fileFolder),
  ];
  const first = <K extends keyof Overrides>(key: K) =>
    given.map((settings) => settings[key]).find((value) => value !== undefined);

  const {templates, mirrors = {}, keys = {}, limits, builders, proxy} = file?.settings ?? {};
  const output = first('output') ?? join(root, 'output');
  return {
    vendor: first('vendor') ?? 'vpsadminos',
    arch: first('arch') ?? 'x86_64',
    output,
    repository: first('repository') ?? join(output, 'repository'),
    distributions: [join(root, 'distributions'), ...(first('distributions') ?? [])],
    templates,
    mirrors,
    keys: Object.fromEntries(
      Object.entries(keys).map(([name, paths]) => [name, paths.map((path) => resolve(fileFolder, path))]),
    ),
    proxy: {...overlaid(proxiesIn(env), proxy), distributions: proxy?.distributions ?? {}},
    acceptExpired: first('acceptExpired') ?? 'host',
    jobs: first('jobs') ?? 'auto',
    memory: first('memory'),
    cpus: first('cpus'),
    processes: first('processes'),
    tree: first('tree') ?? 'auto',
    limits: {step: limits?.step ?? 600, build: limits?.build ?? 3600, test: limits?.test ?? 1200},
    builders: {maximumAge: builders?.maximumAge ?? 7},
    file,
  };
}

/** The environment variable of a key: `OSCTL_TEMPLATE_ACCEPT_EXPIRED`. */
export function variable(key: string): string {
  return `OSCTL_TEMPLATE_${key.replace(/[A-Z]/g, '_$&').toUpperCase()}`;
}

function flagName(key: string): string {
  return `--${key.replace(/[A-Z]/g, '-$&').toLowerCase()}`;
}

/** The variables that are set, by key; an empty one counts as not set. */
function fromVariables(env: Environment): Record<string, unknown> {
  const {distributions, ...texts} = Object.fromEntries(
    Object.keys(shape.shape).map((key) => [key, env[variable(key)] || undefined]),
  );
  return {...texts, distributions: distributions?.split(':').filter((folder) => folder !== '')};
}

function overrides(
  written: Readonly<Record<string, unknown>>,
  nameOf: (key: string) => string,
): {readonly settings: Overrides; readonly mistakes: readonly string[]} {
  const {data = {}, error} = shape.safeParse(written);
  const mistakes = error?.issues.map(({path, message}) => `${nameOf(String(path[0]))}: ${message}`);
  return {settings: data, mistakes: mistakes ?? []};
}

/** The same settings with paths that were relative to a folder made absolute. */
function absolute(settings: Overrides, folder: string): Overrides {
  const {output, repository, distributions} = settings;
  return {
    ...settings,
    output: output && resolve(folder, output),
    repository: repository && resolve(folder, repository),
    distributions: distributions?.map((path) => resolve(folder, path)),
  };
}
