import type {Engine, Limits, Scratch} from '../container/engine.ts';
import type {Report} from '../event.ts';
import type {Output} from '../host/output.ts';
import type {Proxies} from '../host/proxies.ts';
import type {Recipe} from '../recipe/distribution.ts';
import type {TemplateSettings} from '../recipe/settings.ts';
import type {KeyFile, Sources} from '../recipe/step.ts';
import type {Template} from '../recipe/template.ts';

/** One template to build. */
export interface BuildRequest {
  readonly recipe: Recipe;
  readonly template: Template;
  /** The serial to give it unless a build has it already. UTC, sortable: `20261123T153000Z`. */
  readonly serial: string;
  /** The repository's folder that the build will be published in; undefined when it is for the output only. */
  readonly repository?: string | undefined;
  /** What the configuration says about it. */
  readonly settings?: TemplateSettings | undefined;
  /** Mirrors from the configuration by the recipe's names for its places; the recipe's own for any other. */
  readonly sources?: Sources | undefined;
  /** Where what its build downloads goes through. */
  readonly proxies?: Proxies | undefined;
  /** Keys from the configuration that sign what the mirrors serve, instead of the recipe's; none means the recipe's. */
  readonly keys?: readonly KeyFile[] | undefined;
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
