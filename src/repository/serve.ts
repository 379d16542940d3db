import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import {isIPv6} from 'node:net';
import {Failure} from '../failure.ts';
import {affordableConnections, type ConnectionLimits, limitConnections} from './connections.ts';
import {errorCode} from './disk-failure.ts';
import {entityTags} from './entity-tag.ts';
import {refuse} from './refuse.ts';
import {sendFile} from './send-file.ts';
import {openServedFile, realFolder, type ServedFile} from './served-file.ts';

export interface ServeOptions {
  /** `127.0.0.1` unless given: nobody else's business until somebody says so. */
  readonly host?: string;
  /** 8080 unless given; 0 for any that is free. */
  readonly port?: number;
  /** As many connections at once as there are file descriptors for, and two minutes of patience, unless given. */
  readonly limits?: Partial<ConnectionLimits>;
}

/** A server that runs until it is disposed of, which ends its connections too. */
export interface RepositoryServer extends AsyncDisposable {
  /** `http://127.0.0.1:8080/`. */
  readonly url: string;
}

/**
 * Serves a folder over HTTP, to be read only: conditional requests, ranges and HEAD work as clients and mirrors
 * expect (RFC 9110). Nothing outside the folder is served, wherever its links lead, nor any name with a dot in front.
 *
 * Slow clients do not keep others out: `limitConnections` says how.
 *
 * Throws a Failure of kind `usage` when there is no such folder, `machine` when the address cannot be used.
 */
export async function serve(folder: string, options: ServeOptions = {}): Promise<RepositoryServer> {
  const {host = '127.0.0.1', port = 8080, limits} = options;
  const root = await realFolder(folder);
  const tagOf = entityTags(root);
  const server = createServer({headersTimeout: 20_000, requestTimeout: 30_000}, (request, response) => {
    answer(root, tagOf, request, response).catch((error: unknown) => refuse(response, statusOf(error)));
  });
  limitConnections(server, {most: await affordableConnections(), patience: 120, ...limits});
  server.on('connect', (_request, socket) => {
    socket.on('error', () => {}).end(`HTTP/1.1 405 Method Not Allowed\r\n${notForConnect}\r\n\r\n`);
  });
  await listen(server, host, port);
  const address = server.address();
  const bound = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${bound}/`,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const notForConnect = ['Allow: GET, HEAD', 'Connection: close', 'Content-Length: 0'].join('\r\n');

async function answer(
  root: string,
  tagOf: (file: ServedFile) => Promise<string>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return refuse(response, 405);
  }
  const path = requestedPath(request.url ?? '');
  if (path === undefined) return refuse(response, 400);
  const file = await openServedFile(root, path);
  if (file === undefined) return refuse(response, 404);
  try {
    await sendFile(file, await tagOf(file), request, response);
  } catch (error) {
    await file.handle.close();
    throw error;
  }
}

/** What open(2) says when there are no file descriptors left. */
const busy: ReadonlySet<string | undefined> = new Set(['EMFILE', 'ENFILE']);

function statusOf(error: unknown): number {
  return busy.has(errorCode(error)) ? 503 : 500;
}

/**
 * The path a request asks for, decoded; undefined when it is not one. A URL is as good as its path, whatever host it
 * names: a client that takes this server for a proxy sends one (RFC 9112, section 3.2.2).
 */
function requestedPath(target: string): string | undefined {
  const [origin = ''] = /^https?:\/\/[^/?]+/i.exec(target) ?? [];
  const [given = ''] = target.slice(origin.length).split('?');
  const path = given === '' && origin !== '' ? '/' : given;
  if (!path.startsWith('/')) return undefined;
  try {
    const decoded = decodeURIComponent(path);
    return decoded.includes('\0') ? undefined : decoded;
  } catch {
    return undefined;
  }
}

/** What to try when an address cannot be listened on, by the system's reason. */
const remedies: Readonly<Record<string, string>> = {
  EACCES: 'Choose a port of 1024 or above; those below are for root.',
  EADDRINUSE: 'Choose another port, or stop what uses it.',
  EADDRNOTAVAIL: 'Choose an address of this machine; `ip address` lists them.',
  ENOTFOUND: 'Choose an address of this machine; `ip address` lists them.',
};

async function listen(server: Server, host: string, port: number): Promise<void> {
  const {promise, resolve, reject} = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen(port, host, resolve);
  try {
    await promise;
  } catch (error) {
    throw new Failure(`cannot serve on ${host}, port ${port}: ${errorCode(error) ?? String(error)}`, {
      kind: 'machine',
      remedy: remedies[errorCode(error) ?? ''] ?? 'Choose another --host or --port.',
      cause: error,
    });
  }
}
