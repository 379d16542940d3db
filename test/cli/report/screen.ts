/** What a person sees on a terminal after a program wrote to it. */
export interface Seen {
  readonly lines: readonly string[];
  readonly cursor: 'shown' | 'hidden';
}

/**
 * A terminal, as far as a live view uses one: the control sequences of ECMA-48 that move the cursor and erase, and
 * the modes of xterm for the cursor and synchronized output. Throws for any other, so that none is overlooked.
 */
export function seenOnTerminal(output: string): Seen {
  const lines: string[] = [''];
  let row = 0;
  let column = 0;
  let cursor: Seen['cursor'] = 'shown';

  const put = (character: string) => {
    const line = (lines[row] ?? '').padEnd(column);
    lines[row] = line.slice(0, column) + character + line.slice(column + 1);
    column += 1;
  };
  const control = (sequence: string) => {
    const count = Number.parseInt(sequence.slice(2), 10) || 1;
    if (sequence.endsWith('A')) row = Math.max(0, row - count);
    else if (sequence.endsWith('B')) row += count;
    else if (sequence.endsWith('G')) column = 0;
    else if (sequence.endsWith('2K')) lines[row] = '';
    else if (sequence.endsWith('[K')) lines[row] = (lines[row] ?? '').slice(0, column);
    else if (sequence.endsWith('?25l')) cursor = 'hidden';
    else if (sequence.endsWith('?25h')) cursor = 'shown';
    else if (!/\[[\d;]*m$|\[\?2026[hl]$/.test(sequence)) throw new Error(JSON.stringify(sequence));
  };

  for (const [part] of output.matchAll(/\p{Cc}\[[?\d;]*[A-Za-z]|./gsu)) {
    if (part.startsWith('\u001B[')) control(part);
    else if (part === '\r') column = 0;
    else if (part === '\n') row += 1;
    else put(part);
  }
  return {lines: [...lines].map((line = '') => line.trimEnd()), cursor};
}
