import type {Failure} from './failure.ts';

/** The stages of a template's way, in order; `builder` comes first when its root filesystem has to be made. */
export type Stage =
  | 'builder'
  | 'bootstrap'
  | 'configure'
  | 'integrate'
  | 'seal'
  | 'pack'
  | 'test'
  | 'publish';

/** What happens to a template, as it happens. Every event has the template's short name: `debian-13`. */
export type TemplateEvent = {readonly template: string} & (
  | {readonly type: 'waiting'}
  | {readonly type: 'started'; readonly log: string}
  | {readonly type: 'stage'; readonly stage: Stage}
  /** A step of a stage, or a scenario of the test. */
  | {readonly type: 'step'; readonly stage: Stage; readonly step: string}
  /** How far the step is, from 0 to 1. */
  | {readonly type: 'progress'; readonly fraction: number}
  | {readonly type: 'scenario'; readonly scenario: string; readonly outcome: string; readonly reason?: string}
  | {readonly type: 'note'; readonly message: string}
  /** The last event of a template. */
  | ({readonly type: 'finished'} & TemplateEnd)
);

/** How a run ended for a template, with the seconds it took: what was reached, or what went wrong. */
export type TemplateEnd = {readonly seconds: number} & (
  | {
      readonly outcome: 'built' | 'tested' | 'published';
      readonly serial: string;
      /** The size of the image osctl downloads. */
      readonly bytes: number;
    }
  | {readonly outcome: 'failed'; readonly failure: Failure}
  | {readonly outcome: 'interrupted'}
);

/** Takes events; what it does with them is the edge's: a live view, lines, or JSON. */
export type Report = (event: TemplateEvent) => void;
