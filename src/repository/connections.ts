import {readFile} from 'node:fs/promises';
import type {Server} from 'node:http';
import type {Socket} from 'node:net';

export interface ConnectionLimits {
  /** How many connections there may be at once. */
  readonly most: number;
  /** Seconds a connection may stay without taking or sending anything. */
  readonly patience: number;
}

/** What went over a connection when that was last looked at, and since when it is so much. */
interface Progress {
  bytes: number;
  /** Milliseconds, as `performance.now()` has them. */
  since: number;
}

/**
 * Keeps a server open for others when clients are slow. A connection over which nothing moves for longer than the
 * patience ends; however long a download takes that goes on, it may. When there are too many, the one that has been
 * still for the longest makes room for the new one. Before the server listens.
 */
export function limitConnections(server: Server, {most, patience}: ConnectionLimits): void {
  const connections = new Map<Socket, Progress>();
  const end = (socket: Socket) => {
    connections.delete(socket);
    socket.resetAndDestroy(); // what waits in the kernel for a client that does not take it goes, too
  };
  server.on('connection', (socket) => {
    if (connections.size >= most) {
      measure(connections);
      const [longest] = [...connections].toSorted(([, a], [, b]) => a.since - b.since);
      if (longest !== undefined) end(longest[0]);
    }
    connections.set(socket, {bytes: 0, since: performance.now()});
    socket.once('close', () => connections.delete(socket));
  });
  const milliseconds = patience * 1000;
  const timer = setInterval(() => {
    measure(connections);
    for (const [socket, {since}] of connections) {
      if (performance.now() - since > milliseconds) end(socket);
    }
  }, milliseconds / 4).unref();
  server.once('close', () => clearInterval(timer));
}

/**
 * The connections that this process has file descriptors for: each takes one, and one for the file it is sent; a third
 * of all is left for everything else. Node.js itself raises the soft limit to the hard one.
 */
export async function affordableConnections(): Promise<number> {
  const limits = await readFile('/proc/self/limits', 'utf8');
  const soft = Number(/^Max open files\s+(\d+)/m.exec(limits)?.[1] ?? 1024); // `unlimited` is not a number
  return Math.max(1, Math.min(4096, Math.floor((soft - 64) / 3)));
}

function measure(connections: ReadonlyMap<Socket, Progress>): void {
  for (const [socket, progress] of connections) {
    const bytes = socket.bytesRead + socket.bytesWritten - socket.writableLength;
    if (bytes === progress.bytes) continue;
    progress.bytes = bytes;
    progress.since = performance.now();
  }
}
