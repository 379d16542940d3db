import {stripVTControlCharacters, styleText} from 'node:util';
import {visible} from '../../host/visible.ts';

/** What text may look like: the few colours of a terminal's own palette that read well on dark and light. */
export type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Gives text a style, or leaves it as it is. */
export type Paint = (style: Style, text: string) => string;

/** Whether a stream shows colours: a terminal that can, unless NO_COLOR or FORCE_COLOR say otherwise. */
export function hasColour(stream: NodeJS.WritableStream): boolean {
  return styleText('red', 'x', {stream}) !== 'x';
}

/** Paints, or does not. */
export function painter(colour: boolean): Paint {
  return (style, text) => (colour ? styleText(style, text, {validateStream: false}) : text);
}

/**
 * What others wrote, such as a program in a container, as one line without what would move a terminal's cursor or
 * change its colours. A progress display that returned to the line's start is as it was last seen.
 */
export function printable(text: string): string {
  const line = stripVTControlCharacters(text).trimEnd().replace(/\r*\n/g, ' ');
  const seen = line.split('\r').at(-1) ?? '';
  return visible(seen.replaceAll('\t', '  ').replace(/\p{Cc}/gu, ''));
}

/** Text cut to a width, with … where something is missing. */
export function truncated(text: string, width: number): string {
  const characters = [...text];
  if (characters.length <= width) return text;
  return width < 1 ? '' : `${characters.slice(0, width - 1).join('')}…`;
}

/** Every line moved to the right. */
export function indented(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => `${' '.repeat(columns)}${line}`);
}
