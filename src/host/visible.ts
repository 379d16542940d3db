import {conceal} from './secrets.ts';

/** Control characters, those that break lines, and those that change the direction of text (Unicode, Bidi_Control). */
const acting = /[\p{Cc}\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/gu;

/**
 * Text in which what would act on a terminal, all but newline and tab, is written as an escape instead: `\x1b`,
 * `\u202e`. Secrets are hidden.
 */
export function visible(text: string): string {
  return replaced(conceal(text), escapeOf);
}

/**
 * A value as JSON that is as harmless on a terminal, which JSON.stringify leaves to its reader. It is one line, or
 * indented by so many spaces.
 */
export function visibleJson(value: unknown, indentation = 0): string {
  return replaced(JSON.stringify(value, concealed, indentation), (character) => `\\u${hexOf(character, 4)}`);
}

function concealed(_key: string, value: unknown): unknown {
  return typeof value === 'string' ? conceal(value) : value;
}

function replaced(text: string, written: (character: string) => string): string {
  return text.replace(acting, (character) =>
    character === '\n' || character === '\t' ? character : written(character),
  );
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${hexOf(character, 2)}` : `\\u${hexOf(character, 4)}`;
}

function hexOf(character: string, width: number): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(width, '0');
}
