import type {Readable} from 'node:stream';

/**
 * Calls back with every line of a stream until it ends or is destroyed. A line that was drawn over, to show progress,
 * counts as it was last. Characters of a line past `longest` are dropped as they come, and counted at its end, so that
 * memory and time are bounded whatever is printed.
 */
export async function eachLine(
  stream: Readable,
  onLine: (line: string) => void,
  longest: number,
): Promise<void> {
  const lines = lineSplitter(onLine, longest);
  stream.setEncoding('utf8').on('data', lines.add);
  await new Promise<void>((resolve) => stream.once('close', () => resolve()));
  lines.end();
}

/** Takes text in pieces and calls back with its lines. */
export function lineSplitter(onLine: (line: string) => void, longest: number) {
  let line = '';
  let dropped = 0;
  let returned = false; // what comes next is drawn over the line

  const append = (piece: string) => {
    const drawn = piece.lastIndexOf('\r', piece.length - 2);
    if (returned || drawn >= 0) {
      line = '';
      dropped = 0;
    }
    const added = piece.slice(drawn + 1);
    const room = longest - line.length;
    line += added.length <= room ? added : added.slice(0, room);
    dropped += Math.max(0, added.length - room);
    returned = piece.endsWith('\r');
  };

  const finish = (ended: boolean) => {
    onLine(shortened(ended ? line.trimEnd() : line, dropped));
    line = '';
    dropped = 0;
    returned = false;
  };

  return {
    add(text: string) {
      let start = 0;
      for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
        if (end > start) append(text.slice(start, end));
        finish(true);
        start = end + 1;
      }
      if (start < text.length) append(text.slice(start));
    },
    end() {
      if (line !== '' || dropped > 0) finish(false);
    },
  };
}

/** A line without its end, and how much that was. */
function shortened(line: string, dropped: number): string {
  return dropped === 0 ? line : `${line} … and ${dropped} more characters in this line`;
}

/** A line as a log keeps it: its beginning, where it is longer than `longest`. */
export function cutLine(line: string, longest: number): string {
  return line.length <= longest ? line : shortened(line.slice(0, longest), line.length - longest);
}
