import {fork} from 'node:child_process';
import {once} from 'node:events';
import {createServer, type IncomingMessage, request, type ServerResponse} from 'node:http';
import {connect, Socket} from 'node:net';
import {pipeline} from 'node:stream';
import {fileURLToPath} from 'node:url';
import type {Enclosure} from '../../container/engine.ts';
import {Failure} from '../../failure.ts';
import {programEnvironment} from '../../host/environment.ts';
import {outside} from './addresses.ts';

const port = 3128;

/** What a member's package manager is told, in curl's environment variables and others'. */
export const proxyEnvironment = Object.fromEntries(
  ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY'].map((name) => [
    name,
    `http://${outside.node.v4}:${port}`,
  ]),
);

const listener = fileURLToPath(new URL('proxy-listener.ts', import.meta.url));

/**
 * Opens an HTTP proxy on the node, by which its members reach the mirrors of their packages and nothing else: the
 * hosts of these addresses. The connections come from the node's network namespace, and leave by this machine's.
 */
export async function openProxy(enclosure: Enclosure, urls: readonly string[]): Promise<AsyncDisposable> {
  const hosts = new Set(urls.filter((url) => URL.canParse(url)).map((url) => new URL(url).hostname));
  const server = createServer((incoming, answer) => forward(hosts, incoming, answer));
  server.on('connect', (incoming: IncomingMessage, socket: Socket) => tunnel(hosts, incoming, socket));
  server.on('clientError', (_error, socket) => socket.destroy());
  const [program = '', ...args] = enclosure.inside([process.execPath]);
  const child = fork(listener, [outside.node.v4, String(port)], {
    execPath: program,
    execArgv: args,
    env: programEnvironment(),
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  child.on('message', (_message, handle) => {
    if (!(handle instanceof Socket)) return;
    server.emit('connection', handle);
    handle.resume();
  });
  const [said] = await Promise.race([once(child, 'message'), once(child, 'exit')]);
  if (said !== 'listening') throw new Failure(`the node's proxy cannot listen on port ${port}`);
  return {
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      if (child.connected) child.disconnect();
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    },
  };
}

function forward(hosts: ReadonlySet<string>, incoming: IncomingMessage, answer: ServerResponse): void {
  const {url = '', method, headers} = incoming;
  if (!URL.canParse(url) || !hosts.has(new URL(url).hostname)) {
    answer.writeHead(403).end();
    return;
  }
  const outgoing = request(url, {method, headers}, (response) => {
    answer.writeHead(response.statusCode ?? 502, response.headers);
    pipeline(response, answer, () => undefined);
  });
  outgoing.on('error', () => (answer.headersSent ? answer.destroy() : answer.writeHead(502).end()));
  pipeline(incoming, outgoing, () => undefined);
}

/** CONNECT, RFC 9110, 9.3.6. */
function tunnel(hosts: ReadonlySet<string>, {url = ''}: IncomingMessage, socket: Socket): void {
  const target = URL.canParse(`http://${url}`) ? new URL(`http://${url}`) : undefined;
  if (target === undefined || !hosts.has(target.hostname)) {
    socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    return;
  }
  const far = connect(Number(target.port || 80), target.hostname, () => {
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    pipeline(socket, far, socket, () => undefined);
  });
  far.on('error', () => socket.destroy());
}
