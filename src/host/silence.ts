import type {Readable} from 'node:stream';

/** Milliseconds of silence after which an output that an ended command left to others is given up. */
const patience = 200;

/** Waits for the end of a stream, and ends it when it has given nothing for a moment in which it was to be read. */
export async function untilSilent(stream: Readable): Promise<void> {
  if (stream.closed || stream.readableEnded) return;
  const {promise, resolve} = Promise.withResolvers<void>();
  const isRead = () => !stream.isPaused() && stream.readableLength === 0;
  let silent = false;
  const timer = setInterval(() => {
    if (!isRead()) return;
    // this process may have been kept from reading all the while: it looks into the pipe before it comes to immediates
    silent = true;
    setImmediate(() => {
      if (silent && isRead()) stream.push(null);
    });
  }, patience);
  const again = () => {
    silent = false;
    timer.refresh();
  };
  stream.on('data', again).once('close', resolve).once('end', resolve);
  try {
    await promise;
  } finally {
    clearInterval(timer);
    stream.off('data', again);
  }
}
