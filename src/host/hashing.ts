import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {open, stat} from 'node:fs/promises';
import {Writable} from 'node:stream';
import {noSpaceFailure} from './no-space.ts';

/** A file's size and hash. */
export interface Digest {
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Writes a file through `write`, which gets the stream to write to; gives what was written, flushed to the disk.
 * Throws a Failure of kind `machine` that names the file system when that is full.
 */
export async function writeHashed(
  path: string,
  write: (sink: Writable) => Promise<unknown>,
): Promise<Digest> {
  const hash = createHash('sha256');
  let bytes = 0;
  const handle = await open(path, 'w');
  try {
    const sink = new Writable({
      highWaterMark: 4 * 1024 * 1024,
      write(chunk: Uint8Array, _encoding, done) {
        hash.update(chunk);
        bytes += chunk.length;
        handle.writeFile(chunk).then(() => done(), done);
      },
    });
    await write(sink);
    await handle.sync();
  } catch (error) {
    throw await noSpaceFailure(error, path);
  } finally {
    await handle.close();
  }
  return {bytes, sha256: hash.digest('hex')};
}

/** A file's sha256, in hexadecimal; throws the signal's reason when that comes first. */
export async function sha256Of(path: string, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, {highWaterMark: 1024 * 1024})) {
    signal?.throwIfAborted();
    hash.update(chunk);
  }
  return hash.digest('hex');
}

/** A file's size and hash. */
export async function digestOf(path: string): Promise<Digest> {
  const [{size}, sha256] = await Promise.all([stat(path), sha256Of(path)]);
  return {bytes: size, sha256};
}
