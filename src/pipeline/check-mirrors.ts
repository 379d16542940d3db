import {join} from 'node:path';
import {builderLayers} from '../builder/cache.ts';
import {asFailure, type Failure} from '../failure.ts';
import {limited} from '../host/limited.ts';
import type {CheckedMirror, Distribution, MirrorPlace} from '../recipe/distribution.ts';
import {timeOf} from '../recipe/serial.ts';
import type {StepContext} from '../recipe/step.ts';
import {templateId} from '../recipe/template.ts';
import {Unreachable} from '../rootfs/diagnosis.ts';
import {openLog} from './log.ts';
import type {BuildEnvironment, BuildRequest} from './request.ts';
import {openWorkshop, type Workshop} from './workshop.ts';

/** What a mirror answered. */
export interface MirrorAnswer {
  readonly distribution: string;
  /** The recipe's name of the place. */
  readonly place: string;
  /** Undefined where the recipe leaves the mirror to the tool that bootstraps. */
  readonly url: string | undefined;
  /** Undefined when nothing was asked: the mirror is the tool's, the recipe has no check, or no release needs it. */
  readonly checked: CheckedMirror | Failure | undefined;
}

/** Whether a mirror answered and had what it was asked for, right or wrong; undefined when nothing was asked. */
export function isReachable({checked}: MirrorAnswer): boolean | undefined {
  return checked === undefined ? undefined : !(checked instanceof Unreachable);
}

/**
 * Asks every mirror of a distribution for the first thing a build needs, in a build container, and verifies it. The
 * requests are of the distribution's templates, the most important first: a mirror is asked for the first that takes
 * anything from it. What goes wrong with a mirror is its answer.
 */
export async function checkMirrors(
  requests: readonly [BuildRequest, ...BuildRequest[]],
  environment: BuildEnvironment,
): Promise<MirrorAnswer[]> {
  const [{recipe, template, serial, sources, proxies}] = requests;
  const {distribution} = recipe;
  const {checkMirror} = distribution;
  const mirrors = mirrorsOf({...distribution.mirrors, ...sources});
  const asked = checkMirror === undefined ? [] : mirrors.filter(({url}) => url !== undefined);
  if (asked.length === 0 || checkMirror === undefined)
    return mirrors.map((mirror) => ({distribution: distribution.name, ...mirror, checked: undefined}));

  await using log = await openLog(
    join(environment.output.logs, `${serial}-mirrors-${templateId(template)}.log`),
  );
  using whole = limited(environment.time.build, 'asking the mirrors', environment.signal);
  const {engine, scratch, limits, output, maximumAge, acceptExpired} = environment;
  const folder = output.builders;
  const {signal} = whole;
  const layers = await builderLayers(distribution.builder, {
    ...{engine, folder, maximumAge, acceptExpired, proxies, signal},
    log: log.line,
  });
  const title = `mirrors-${distribution.name}`;
  await using enclosure = await engine.open({
    ...{title, purpose: 'build', scratch, network: 'host', signal},
    log: log.line,
  });
  const epoch = timeOf(serial).getTime() / 1000;
  const workshop = await openWorkshop(enclosure, {
    layers,
    epoch,
    limits,
    proxies,
    log: log.line,
    signal: () => signal,
  });
  const answers: MirrorAnswer[] = [];
  for (const {place, url} of mirrors) {
    const checked =
      url === undefined
        ? undefined
        : await ask(checkMirror, {name: place, url}, requests, {workshop, environment, epoch, log: log.line});
    environment.signal.throwIfAborted();
    answers.push({distribution: distribution.name, place, url, checked});
  }
  return answers;
}

/** Every mirror of every place, in the recipe's order; a place without one has an undefined. */
function mirrorsOf(places: Distribution['mirrors'] = {}): Pick<MirrorAnswer, 'place' | 'url'>[] {
  return Object.entries(places).flatMap(([place, urls]) =>
    (urls.length === 0 ? [undefined] : urls).map((url) => ({place, url})),
  );
}

interface Asking {
  readonly workshop: Workshop;
  readonly environment: BuildEnvironment;
  readonly epoch: number;
  readonly log: (line: string) => void;
}

/** The answer of the first release that takes something from a mirror. */
async function ask(
  checkMirror: NonNullable<Distribution['checkMirror']>,
  mirror: MirrorPlace,
  requests: readonly BuildRequest[],
  asking: Asking,
): Promise<CheckedMirror | Failure | undefined> {
  for (const request of requests) {
    try {
      const checked = await checkMirror(contextOf(request, asking), mirror);
      if (checked !== undefined) return checked;
    } catch (error) {
      asking.log(asFailure(error).message);
      return asFailure(error);
    }
  }
  return undefined;
}

function contextOf(
  {recipe: {distribution, folder}, template, serial, sources, keys = []}: BuildRequest,
  {workshop, environment, epoch, log}: Asking,
): StepContext {
  const release = distribution.releases.find(({version}) => version === template.release);
  if (release === undefined) throw new Error(`${distribution.name} has no release ${template.release}`);
  return {
    release,
    template,
    serial,
    epoch,
    container: workshop.container,
    sources: {...distribution.mirrors, ...sources},
    keys,
    acceptExpired: environment.acceptExpired,
    folder,
    progress: () => undefined,
    log,
  };
}
