import type {TemplateEnd, TemplateEvent} from '../../event.ts';
import type {Failure} from '../../failure.ts';
import {showBytes, showSeconds} from './amounts.ts';
import {renderFailure} from './failure.ts';
import {painter, printable} from './text.ts';

/** How a template ended: `✔ debian-13 built in 21 s, 89.3 MB, 20261123T153000Z`, or the whole failure. */
export function renderEnd(template: string, end: TemplateEnd, colour: boolean): string {
  const sign = mark(end.outcome, colour);
  const time = showSeconds(end.seconds);
  switch (end.outcome) {
    case 'failed': {
      const message = `${template} failed in ${time}: ${reason(template, end.failure)}`;
      return renderFailure(end.failure, {colour, message});
    }
    case 'interrupted':
      return `${sign} ${template} interrupted after ${time}`;
    default:
      return `${sign} ${template} ${end.outcome} in ${time}, ${showBytes(end.bytes)}, ${end.serial}`;
  }
}

/** What a scenario found: `✘ reboot: no login prompt within 30 s`, `! user-data not checked: no cloud-init`. */
export function renderScenario(event: TemplateEvent & {readonly type: 'scenario'}, colour: boolean): string {
  const {scenario, outcome, reason} = event;
  const said = outcome === 'passed' || outcome === 'failed' ? scenario : `${scenario} ${outcome}`;
  return `${mark(outcome, colour)} ${said}${reason === undefined ? '' : `: ${printable(reason)}`}`;
}

/** The sign of an outcome: ✔ good, ✘ failed, – does not apply, ! look at it. */
export function mark(outcome: string, colour: boolean): string {
  const paint = painter(colour);
  if (outcome === 'failed') return paint('red', '✘');
  if (outcome === 'not applicable') return paint('dim', '–');
  return good.has(outcome) ? paint('green', '✔') : paint('yellow', '!');
}

const good: ReadonlySet<string> = new Set(['built', 'tested', 'published', 'passed']);

/** A failure's message where the template was named before it. */
export function reason(template: string, {message}: Failure): string {
  const place = `${template}: `;
  return message.startsWith(place) ? message.slice(place.length) : message;
}
