import {once} from 'node:events';
import {readFile} from 'node:fs/promises';
import {createServer, type IncomingMessage, type ServerResponse} from 'node:http';
import {join, posix} from 'node:path';

/** What a mirror does with a request instead of serving the file; `content` is the file's. Gives whether it did. */
export type Misbehaviour = (path: string, content: Buffer, response: ServerResponse) => boolean;

/** A mirror that answers on a loopback port until it is disposed of. */
export interface ServedMirror extends AsyncDisposable {
  readonly url: string;
  /** The paths that were asked for, in order. */
  readonly asked: readonly string[];
}

export interface ServeOptions {
  /** Any free one unless given. */
  readonly port?: number;
  readonly misbehave?: Misbehaviour;
}

/** Serves a folder's files on loopback. */
export async function serveMirror(folder: string, options: ServeOptions = {}): Promise<ServedMirror> {
  const {port = 0, misbehave = () => false} = options;
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response) => {
    // normalised once more after decoding, so that no %2e%2e leads out of the folder
    const path = posix.join(
      '/',
      decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname),
    );
    asked.push(path);
    readFile(join(folder, path)).then(
      (content) => {
        if (!misbehave(path, content, response)) response.end(content);
      },
      () => response.writeHead(404).end(),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
