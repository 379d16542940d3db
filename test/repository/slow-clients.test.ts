import {once} from 'node:events';
import {readdir, writeFile} from 'node:fs/promises';
import {createServer} from 'node:http';
import {connect, type Socket} from 'node:net';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {limitConnections} from '../../src/repository/connections.ts';
import {temporaryFolder} from './builds.ts';
import {get} from './get.ts';

/** More than all buffers between a server and a client that does not read hold. */
const large = 64 * 1024 * 1024;

async function folderWithFiles(t: ExecutionContext): Promise<string> {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'large'), Buffer.alloc(large, 'a'));
  await writeFile(join(folder, 'small'), 'small');
  return folder;
}

/** A client that asks for the large file, reads the beginning of the answer and no more. */
async function slowReader(url: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => {});
  socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'readable');
  return socket;
}

test('more slow readers than file descriptors do not lock others out, and leave nothing open', async (t) => {
  const folder = await folderWithFiles(t);
  const program = join(import.meta.dirname, 'server.ts');
  const server = execa('prlimit', ['--nofile=256:256', process.execPath, program, folder]);
  t.teardown(async () => {
    server.kill();
    await server.catch(() => undefined);
  });
  const url = String((await once(server.stdout, 'data'))[0]).trim();
  const opened = async () => (await readdir(`/proc/${server.pid}/fd`)).length;
  const idle = await opened();
  const readers: Socket[] = [];
  for (let count = 0; count < 300; count += 1) readers.push(await slowReader(url));
  t.is((await get(`${url}small`)).body.toString(), 'small');
  t.true((await opened()) < 256);
  for (const reader of readers) reader.resetAndDestroy();
  // a request takes its turn behind the ends of connections before it
  while ((await opened()) > idle + 2) await get(`${url}small`);
  t.is((await get(`${url}small`)).body.toString(), 'small');
});

test('a client that takes nothing is dropped', async (t) => {
  const server = createServer((_request, response) => response.end(Buffer.alloc(large)));
  limitConnections(server, {most: 10, patience: 0.2});
  const dropped = new Promise<void>((resolve) => {
    server.on('connection', (socket) => socket.on('error', () => {}).once('close', () => resolve()));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const reader = await slowReader(`http://127.0.0.1:${port}/`);
  await dropped;
  await new Promise((resolve) => reader.once('close', resolve).resume());
  t.true(reader.bytesRead < large);
  server.close();
});

test('who has been still for the longest makes room', async (t) => {
  const server = createServer((_request, response) => response.end('answer'));
  limitConnections(server, {most: 2, patience: 60});
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  const open = async () => {
    const socket = connect(port, '127.0.0.1').on('error', () => {});
    await once(socket, 'connect');
    return socket;
  };
  const ask = async (socket: Socket) => {
    socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await once(socket, 'data');
  };
  const end = (socket: Socket) => new Promise((resolve) => socket.once('close', resolve));
  const [first, second] = [await open(), await open()];
  const firstEnds = end(first);
  const third = await open();
  await firstEnds;
  await ask(second); // the third is now the one that has been still for longer
  const thirdEnds = end(third);
  const fourth = await open();
  await thirdEnds;
  await ask(second);
  await ask(fourth);
  t.pass();
  for (const socket of [second, fourth]) socket.destroy();
  server.close();
});
