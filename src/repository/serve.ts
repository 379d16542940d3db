import {createServer, type IncomingMessage, type Server, type ServerResponse} from 'node:http';
import {isIPv6} from 'node:net';
import {Failure} from '../failure.ts';
import {errorCode} from './disk-failure.ts';
import {sendFile} from './send-file.ts';
import {openServedFile, realFolder} from './served-file.ts';

export interface ServeOptions {
  /** `127.0.0.1` unless given: nobody else's business until somebody says so. */
  readonly host?: string;
  /** 8080 unless given; 0 for any that is free. */
  readonly port?: number;
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
 * Throws a Failure of kind `usage` when there is no such folder, `machine` when the address cannot be used.
 */
export async function serve(folder: string, options: ServeOptions = {}): Promise<RepositoryServer> {
  const {host = '127.0.0.1', port = 8080} = options;
  const root = await realFolder(folder);
  const server = createServer((request, response) => {
    answer(root, request, response).catch(() => refuse(response, 500));
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

async function answer(root: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('Allow', 'GET, HEAD');
    return refuse(response, 405);
  }
  const path = requestedPath(request.url ?? '');
  if (path === undefined) return refuse(response, 400);
  const file = await openServedFile(root, path);
  if (file === undefined) return refuse(response, 404);
  sendFile(file, request, response);
}

/** The path a request asks for, decoded; undefined when it is not one. */
function requestedPath(url: string): string | undefined {
  const [path = ''] = url.split('?');
  if (!path.startsWith('/')) return undefined;
  try {
    const decoded = decodeURIComponent(path);
    return decoded.includes('\0') ? undefined : decoded;
  } catch {
    return undefined;
  }
}

function refuse(response: ServerResponse, status: 400 | 404 | 405 | 500): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(status, {'Content-Type': 'text/plain; charset=utf-8'});
  response.end(`${reasons[status]}\n`);
}

const reasons = {
  400: 'This is not a path.',
  404: 'There is no such file.',
  405: 'This can only be read: GET and HEAD.',
  500: 'The file cannot be read.',
} as const;

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
