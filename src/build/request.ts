import type {Engine, Limits, Scratch} from '../container/engine.ts';
import {Failure} from '../failure.ts';
import type {Output} from '../host/output.ts';
import type {TemplateSettings} from '../recipe/available.ts';
import type {Release} from '../recipe/distribution.ts';
import type {Report} from '../recipe/event.ts';
import type {Recipe} from '../recipe/load.ts';
import type {Sources} from '../recipe/step.ts';
import type {Template} from '../recipe/template.ts';

/** One template to build. */
export interface BuildRequest {
  readonly recipe: Recipe;
  readonly template: Template;
  /** UTC, sortable: `20261123T153000Z`. */
  readonly serial: string;
  /** What the configuration says about it. */
  readonly settings?: TemplateSettings | undefined;
  /** Mirrors by the recipe's names for its sources. */
  readonly sources: Sources;
}

/** What all builds of a run have in common. */
export interface BuildEnvironment {
  readonly output: Output;
  readonly engine: Engine;
  readonly scratch: Scratch;
  readonly limits: Limits;
  /** Seconds a step, and a whole build, may take. */
  readonly time: {readonly step: number; readonly build: number};
  /** Days after which a builder is made anew. */
  readonly maximumAge: number;
  readonly acceptExpired: boolean;
  /** Unix seconds; the serial's time unless given (SOURCE_DATE_EPOCH). */
  readonly epoch?: number | undefined;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** The stages that are steps on the tree, in order. */
export const treeStages = ['bootstrap', 'configure', 'integrate', 'seal'] as const;
export type TreeStage = (typeof treeStages)[number];

/** The release a template is made from; throws a Failure when its recipe has none such. */
export function releaseOf({distribution}: Recipe, template: Template): Release {
  const release = distribution.releases.find(({version}) => version === template.release);
  if (release !== undefined) return release;
  throw new Failure(`${distribution.name} has no release ${template.release}`, {kind: 'usage'});
}
