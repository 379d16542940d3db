import type {Stage, TemplateEvent} from '../../event.ts';

/** A template in work. */
export interface Work {
  /** When it started, in the seconds of the clock that the board is kept with. */
  readonly since: number;
  readonly stage?: Stage;
  readonly step?: string;
  /** How far the step is, from 0 to 1, where that is known. */
  readonly fraction?: number;
}

/** What is known of a run's templates, by their short names, between its events. */
export interface Board {
  readonly waiting: ReadonlySet<string>;
  /** In the order they started. */
  readonly working: ReadonlyMap<string, Work>;
}

export const emptyBoard: Board = {waiting: new Set(), working: new Map()};

/** The board after an event at `now`, in seconds. */
export function follow(board: Board, event: TemplateEvent, now: number): Board {
  const {template} = event;
  const work = board.working.get(template) ?? {since: now};
  switch (event.type) {
    case 'waiting':
      return {waiting: new Set([...board.waiting, template]), working: without(board.working, template)};
    case 'started':
      return inWork(board, template, work);
    case 'stage':
      return inWork(board, template, {since: work.since, stage: event.stage});
    case 'step':
      return inWork(board, template, {since: work.since, stage: event.stage, step: event.step});
    case 'progress':
      return inWork(board, template, {...work, fraction: Math.min(1, Math.max(0, event.fraction))});
    case 'finished':
      return {waiting: notWaiting(board, template), working: without(board.working, template)};
    case 'note':
    case 'scenario':
      return board;
  }
}

function inWork(board: Board, template: string, work: Work): Board {
  return {waiting: notWaiting(board, template), working: new Map(board.working).set(template, work)};
}

function notWaiting({waiting}: Board, template: string): ReadonlySet<string> {
  return new Set([...waiting].filter((name) => name !== template));
}

function without(working: Board['working'], template: string): Board['working'] {
  return new Map([...working].filter(([name]) => name !== template));
}
