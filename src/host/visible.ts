/** Control characters but newline and tab, and those that change the direction of text (Unicode, Bidi_Control). */
const acting = /[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** Text in which what would act on a terminal is written as an escape, `\x1b` or `\u202e`, instead. */
export function visible(text: string): string {
  return text.replace(acting, (character) =>
    character === '\n' || character === '\t' ? character : escapeOf(character),
  );
}

/** A value as JSON on one line, which is as harmless on a terminal: JSON.stringify leaves some of them as they are. */
export function visibleJson(value: unknown): string {
  return JSON.stringify(value).replace(acting, (character) => `\\u${hexOf(character, 4)}`);
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${hexOf(character, 2)}` : `\\u${hexOf(character, 4)}`;
}

function hexOf(character: string, width: number): string {
  return (character.codePointAt(0) ?? 0).toString(16).padStart(width, '0');
}
