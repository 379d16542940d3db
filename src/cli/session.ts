import {machine} from 'node:os';
import {join} from 'node:path';
import {type BuilderCacheOptions, builderLayers} from '../builder/cache.ts';
import {settingsOf} from '../catalogue/available.ts';
import {type Catalogue, loadCatalogue} from '../catalogue/catalogue.ts';
import {readKeys} from '../config/keys.ts';
import {readConfiguration} from '../config/load.ts';
import {type Configuration, proxiesOf} from '../config/resolve.ts';
import {lxcEngine} from '../container/enclosure.ts';
import type {Engine, Layer, Scratch} from '../container/engine.ts';
import {reap} from '../container/resident.ts';
import type {Report} from '../event.ts';
import {Failure} from '../failure.ts';
import {hostAcceptsExpired} from '../host/apt.ts';
import {type Lock, lock} from '../host/lock.ts';
import {type Output, openOutput} from '../host/output.ts';
import {requireMachine, requireOsctl} from '../host/requirements.ts';
import {defaultJobs, readResources, treeMedium} from '../host/resources.ts';
import type {BuildEnvironment, BuildRequest} from '../pipeline/request.ts';
import type {Builder} from '../recipe/builder.ts';
import type {Recipe} from '../recipe/distribution.ts';
import {serialOf} from '../recipe/serial.ts';
import {type Template, templateId} from '../recipe/template.ts';
import {interruption} from './interruption.ts';
import {tellBroken} from './left-out.ts';
import type {GivenFlags} from './options.ts';

/** What the configuration and the recipes say, for commands that only look. */
export interface Library extends Catalogue {
  readonly configuration: Configuration;
  readonly serial: string;
  recipeOf(template: Template): Recipe;
}

export async function openLibrary(flags: GivenFlags): Promise<Library> {
  const serial = serialOf(new Date());
  const configuration = await readConfiguration({flags});
  const catalogue = await loadCatalogue(configuration, serial);
  tellBroken(catalogue.available.broken);
  return {
    ...catalogue,
    configuration,
    serial,
    recipeOf(template) {
      const recipe = catalogue.recipes.find(({distribution}) => distribution.name === template.distribution);
      if (recipe === undefined)
        throw new Failure(`there is no recipe of ${template.distribution}`, {kind: 'usage'});
      return recipe;
    },
  };
}

/** What commands that run containers share: the machine checked, the output opened, leftovers reaped. */
export interface Session extends Library {
  readonly output: Output;
  readonly engine: Engine;
  readonly jobs: number;
  readonly scratch: Scratch;
  readonly signal: AbortSignal;
  /** What killed runs had left, by name. */
  readonly reaped: readonly string[];
  /** What a build has around it; it ends by the session's signal unless another is given. */
  environment(report: Report, signal?: AbortSignal): BuildEnvironment;
  request(template: Template): BuildRequest;
  /** Has a template to itself until disposed of: two runs must not replace each other's builds under their feet. */
  claim(template: Template, onWait: () => void): Promise<Lock>;
  /** The layers of a builder that is not a recipe's: the tests' clients. */
  layers(builder: Builder, telling: Pick<BuilderCacheOptions, 'log' | 'onMake'>): Promise<Layer[]>;
}

export interface SessionOptions {
  /** What runs the containers; `lxc` unless given, which this program does by itself. */
  readonly engine?: 'lxc' | 'osctl';
}

export async function openSession(
  flags: GivenFlags,
  {engine: runs = 'lxc'}: SessionOptions = {},
): Promise<Session> {
  const library = await openLibrary(flags);
  const {configuration, serial} = library;
  requireOwnArch(configuration.arch);
  await (runs === 'lxc' ? requireMachine({output: configuration.output}) : requireOsctl());
  const output = await openOutput(configuration.output);
  const reaped = runs === 'lxc' ? await reap(output.containers) : [];
  const resources = await readResources();
  const jobs = configuration.jobs === 'auto' ? defaultJobs(resources) : configuration.jobs;
  const scratch = treeMedium(configuration.tree, jobs, resources, configuration.memory);
  const acceptExpired =
    configuration.acceptExpired === 'host' ? await hostAcceptsExpired() : configuration.acceptExpired;
  const engine = lxcEngine(output.containers);
  const signal = interruption();
  const {maximumAge} = configuration.builders;
  const keys = await readKeys(configuration);

  return {
    ...library,
    output,
    engine,
    jobs,
    scratch,
    signal,
    reaped,
    environment: (report, own = signal) => ({
      output,
      engine,
      scratch,
      limits: {
        memory: configuration.memory,
        cpus: configuration.cpus,
        processes: configuration.processes,
      },
      time: configuration.limits,
      maximumAge,
      acceptExpired,
      epoch: sourceDateEpoch(),
      report,
      signal: own,
    }),
    request: (template) => ({
      recipe: library.recipeOf(template),
      template,
      serial,
      settings: settingsOf(configuration.templates, template),
      sources: configuration.mirrors[template.distribution],
      proxies: proxiesOf(configuration.proxy, template.distribution),
      keys: keys[template.distribution],
    }),
    claim: (template, onWait) => {
      const name = templateId({...template, version: template.release});
      return lock(join(output.builds, `.${name}.lock`), {onWait, signal});
    },
    layers: (builder, telling) =>
      builderLayers(builder, {
        ...{engine, folder: output.builders, maximumAge, acceptExpired, signal, ...telling},
        proxies: configuration.proxy,
      }),
  };
}

/** The time no file in a template is younger than, where the environment gives it (reproducible-builds.org). */
function sourceDateEpoch(): number | undefined {
  const value = process.env.SOURCE_DATE_EPOCH;
  if (value === undefined || value === '') return undefined;
  if (!/^\d+$/.test(value)) {
    throw new Failure(`SOURCE_DATE_EPOCH must be seconds since 1970, not ${value}`, {kind: 'usage'});
  }
  return Number(value);
}

/** Templates are built natively; throws a Failure of kind `usage` when another architecture is configured. */
function requireOwnArch(arch: string): void {
  const own = machine();
  if (arch === own) return;
  throw new Failure(`this machine builds templates of ${own}, not of ${arch}`, {
    kind: 'usage',
    remedy: `Leave \`arch\` out of the configuration and OSCTL_TEMPLATE_ARCH, or build on a machine of ${arch}.`,
  });
}
