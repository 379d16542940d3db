import {mkdir, rename, symlink, utimes, writeFile} from 'node:fs/promises';
import {connect} from 'node:net';
import {join} from 'node:path';
import {text} from 'node:stream/consumers';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {Failure} from '../../src/failure.ts';
import {publish} from '../../src/repository/publish.ts';
import {type RepositoryServer, serve} from '../../src/repository/serve.ts';
import {hashOf, temporaryFolder, writeBuild} from './builds.ts';
import {get} from './get.ts';

const content = 'an image, as far as HTTP is concerned\n';
const modified = new Date('2026-11-23T15:30:00Z');

/** A served folder with one file, and another beside it that nobody may have. */
async function serveOneFile(t: ExecutionContext): Promise<{url: string; folder: string; port: number}> {
  const parent = await temporaryFolder(t);
  const folder = join(parent, 'repository');
  await mkdir(join(folder, 'v1'), {recursive: true});
  await writeFile(join(parent, 'secret'), 'secret');
  await writeFile(join(folder, 'v1/image.tar'), content);
  await utimes(join(folder, 'v1/image.tar'), modified, modified);
  const server = await serve(folder, {port: 0});
  t.teardown(() => server[Symbol.asyncDispose]());
  return {url: server.url, folder, port: Number(new URL(server.url).port)};
}

test('a file is served with what caches need, on this machine only', async (t) => {
  const {url} = await serveOneFile(t);
  t.true(url.startsWith('http://127.0.0.1:'));
  const {status, headers, body} = await get(`${url}v1/image.tar`);
  t.is(status, 200);
  t.is(body.toString(), content);
  t.like(headers, {
    'content-length': String(content.length),
    'content-type': 'application/x-tar',
    'last-modified': 'Mon, 23 Nov 2026 15:30:00 GMT',
    'accept-ranges': 'bytes',
  });
  t.truthy(headers.etag);
});

test('who has the file already is told so', async (t) => {
  const {url} = await serveOneFile(t);
  const {headers} = await get(`${url}v1/image.tar`);
  for (const condition of [
    {'If-Modified-Since': 'Mon, 23 Nov 2026 15:30:00 GMT'},
    {'If-None-Match': headers.etag},
  ]) {
    const answer = await get(`${url}v1/image.tar`, condition);
    t.is(answer.status, 304);
    t.is(answer.body.length, 0);
  }
  const older = await get(`${url}v1/image.tar`, {'If-Modified-Since': 'Mon, 23 Nov 2026 15:29:59 GMT'});
  t.is(older.status, 200);
});

test('HEAD tells of a file without sending it', async (t) => {
  const {url} = await serveOneFile(t);
  const {status, headers, body} = await get(`${url}v1/image.tar`, {}, 'HEAD');
  t.is(status, 200);
  t.is(headers['content-length'], String(content.length));
  t.is(body.length, 0);
});

test('a download goes on where it stopped', async (t) => {
  const {url} = await serveOneFile(t);
  const rest = await get(`${url}v1/image.tar`, {Range: 'bytes=9-'});
  t.is(rest.status, 206);
  t.is(rest.body.toString(), content.slice(9));
  t.is(rest.headers['content-range'], `bytes 9-${content.length - 1}/${content.length}`);
  t.is((await get(`${url}v1/image.tar`, {Range: 'bytes=1000-'})).status, 416);
});

test('a part is given to who has the rest of the same file, and all of it to others', async (t) => {
  const {url, folder} = await serveOneFile(t);
  const {headers} = await get(`${url}v1/image.tar`);
  const part = (condition: string | undefined) =>
    get(`${url}v1/image.tar`, {Range: 'bytes=9-', 'If-Range': condition});
  t.regex(headers.etag ?? '', /^"[0-9a-f]+"$/); // not a weak one
  t.is((await part(headers.etag)).status, 206);
  t.is((await part(headers['last-modified'])).status, 206);
  // as long and, for who compares times, as old as the file before it
  await writeFile(join(folder, 'v1/new'), content.toUpperCase());
  await utimes(join(folder, 'v1/new'), modified, modified);
  await rename(join(folder, 'v1/new'), join(folder, 'v1/image.tar'));
  const answer = await part(headers.etag);
  t.is(answer.status, 200);
  t.is(answer.body.toString(), content.toUpperCase());
  t.is((await part(`W/${answer.headers.etag}`)).status, 200);
  t.is((await part('Mon, 23 Nov 2026 15:30:01 GMT')).status, 200);
});

test('the tag of a published file is its sha256, under every path it has', async (t) => {
  const folder = await temporaryFolder(t);
  const repository = join(folder, 'repository');
  const build = await writeBuild(folder, {serial: '20261123T153000Z', tags: ['stable']});
  await publish(build, repository);
  await using server = await serve(repository, {port: 0});
  const tags = async (...paths: readonly string[]) =>
    Promise.all(paths.map(async (path) => (await get(server.url + path)).headers.etag));
  const {id, serial} = build.manifest;
  const image = `"${hashOf(build, 'image-archive.tar')}"`;
  t.deepEqual(
    await tags(
      `builds/${id}/${serial}/image-archive.tar`,
      'v1/vpsadminos/minimal/x86_64/debian/13/image-archive.tar',
      'v1/default/default/x86_64/debian/stable/image-archive.tar',
      'default/default/x86_64/debian/stable/rootfs.tar.gz',
    ),
    [image, image, image, `"${hashOf(build, 'rootfs.tar.gz')}"`],
  );
  const [index, manifest] = await tags('v1/INDEX.json', `builds/${id}/${serial}/manifest.json`);
  t.regex(index ?? '', /^"[0-9a-f]{32}"$/);
  t.regex(manifest ?? '', /^"[0-9a-f]{32}"$/);
});

test('a URL is taken for its path, as from a client that takes the server for a proxy', async (t) => {
  const {port} = await serveOneFile(t);
  const ask = (target: string) => raw(port, `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
  t.true((await ask('http://templates.example/v1/image.tar')).endsWith(`\r\n\r\n${content}`));
  t.true((await ask('HTTPS://templates.example:8443/v1/image.tar?x=/')).endsWith(`\r\n\r\n${content}`));
  for (const target of ['http://templates.example', 'http://templates.example?x', 'http://x/../../secret'])
    t.regex(await ask(target), /^HTTP\/1\.1 404 /, target);
  for (const target of ['http://', 'http:///v1/image.tar', 'ftp://x/v1/image.tar', 'http:/v1/image.tar'])
    t.regex(await ask(target), /^HTTP\/1\.1 400 /, target);
});

test('CONNECT is answered', async (t) => {
  const {port} = await serveOneFile(t);
  const answer = await raw(port, 'CONNECT example.org:443 HTTP/1.1\r\nHost: example.org:443\r\n\r\n');
  t.regex(answer, /^HTTP\/1\.1 405 Method Not Allowed\r\nAllow: GET, HEAD\r\n/);
});

test('nothing but reading is allowed', async (t) => {
  const {url} = await serveOneFile(t);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) {
    const {status, headers} = await get(`${url}v1/image.tar`, {}, method);
    t.is(status, 405);
    t.is(headers.allow, 'GET, HEAD');
  }
});

test('no way of writing a path leads out of the folder', async (t) => {
  const {port} = await serveOneFile(t);
  for (const path of [
    '/../secret',
    '/v1/../../secret',
    '/%2e%2e/secret',
    '/v1/%2e%2e/%2e%2e/secret',
    '/..%2fsecret',
    '/v1/..%2f..%2fsecret',
    '//../secret',
    '/%5c../secret',
  ]) {
    const answer = await raw(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    t.regex(answer, /^HTTP\/1\.1 404 /, path);
    t.notRegex(answer, /\r\nsecret/);
  }
});

test('what is not a path is refused', async (t) => {
  const {port} = await serveOneFile(t);
  for (const path of ['v1/image.tar', '*', '/%', '/%00', '/v1/image.tar%00.json', '/%c3%28']) {
    const answer = await raw(port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    t.regex(answer, /^HTTP\/1\.1 400 /, path);
  }
});

test('links are followed inside the folder, and not out of it', async (t) => {
  const {url, folder} = await serveOneFile(t);
  await symlink('v1', join(folder, 'today'));
  await symlink('../secret', join(folder, 'file'));
  await symlink('..', join(folder, 'parent'));
  await symlink('/etc', join(folder, 'system'));
  await symlink('loop', join(folder, 'loop'));
  await symlink('../../secret', join(folder, 'v1/index.html'));
  t.is((await get(`${url}today/image.tar`)).body.toString(), content);
  for (const path of ['file', 'parent/secret', 'system/hostname', 'loop', 'v1/', 'today/']) {
    t.is((await get(url + path)).status, 404, path);
  }
});

test('a folder beside the served one whose name begins the same is outside', async (t) => {
  const {url, folder} = await serveOneFile(t);
  await mkdir(`${folder}-private`);
  await writeFile(`${folder}-private/file`, 'secret');
  await symlink('../repository-private', join(folder, 'private'));
  t.is((await get(`${url}private/file`)).status, 404);
});

test('names with a dot in front are not served, nor what leads to them', async (t) => {
  const {url, folder} = await serveOneFile(t);
  await mkdir(join(folder, '.hidden'));
  await writeFile(join(folder, '.hidden/file'), 'hidden');
  await writeFile(join(folder, '.lock'), '');
  await writeFile(join(folder, 'v1/.image.tar.12345678.tmp'), 'half');
  await symlink('.hidden', join(folder, 'shown'));
  for (const path of ['.lock', '%2elock', '.hidden/file', 'v1/.image.tar.12345678.tmp', 'shown/file']) {
    t.is((await get(url + path)).status, 404, path);
  }
});

test('folders, missing files and what is no file are not found', async (t) => {
  const {url, folder} = await serveOneFile(t);
  await execa('mkfifo', [join(folder, 'fifo')]);
  for (const path of [
    '',
    'v1',
    'v1/',
    'v1/nothing',
    'v1/image.tar/',
    'v1/image.tar/x',
    'fifo',
    'x'.repeat(5000),
  ]) {
    t.is((await get(url + path)).status, 404, path.slice(0, 20));
  }
});

test('a folder with a page shows it', async (t) => {
  const {url, folder} = await serveOneFile(t);
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  const {status, headers} = await get(`${url}?sort=name`);
  t.is(status, 200);
  t.is(headers['content-type'], 'text/html; charset=utf-8');
});

test('a download that a publish replaces the file of ends with the file it began with', async (t) => {
  const {url, folder, port} = await serveOneFile(t);
  const path = join(folder, 'v1/image.tar');
  const large = Buffer.alloc(32 * 1024 * 1024, 'a');
  await writeFile(path, large);
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /v1/image.tar HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
  const {promise: started, resolve} = Promise.withResolvers<void>();
  socket.once('readable', resolve); // the rest waits in the kernel and the server
  await started;
  await writeFile(join(folder, 'v1/new'), 'b'.repeat(large.length));
  await rename(join(folder, 'v1/new'), path);
  const answer = await text(socket);
  const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
  t.is(body.length, large.length);
  t.false(body.includes('b'));
  t.is((await get(`${url}v1/image.tar`, {Range: 'bytes=0-0'})).body.toString(), 'b');
});

test('closing the server ends its connections', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'large'), Buffer.alloc(32 * 1024 * 1024));
  const server = await serve(folder, {port: 0});
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
  socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
  const {promise: started, resolve} = Promise.withResolvers<void>();
  socket.once('readable', resolve);
  await started;
  const {promise: ended, resolve: end} = Promise.withResolvers<void>();
  socket
    .once('close', end)
    .on('error', () => {})
    .resume();
  await server[Symbol.asyncDispose]();
  await ended;
  await t.throwsAsync(get(server.url), {code: 'ECONNREFUSED'});
});

test('a folder that is not there and a port in use are told of', async (t) => {
  const {folder, port} = await serveOneFile(t);
  const missing = await t.throwsAsync<Failure>(serve(join(folder, 'nothing')), {instanceOf: Failure});
  t.is(missing.kind, 'usage');
  const second: Promise<RepositoryServer> = serve(folder, {port});
  const inUse = await t.throwsAsync<Failure>(second, {instanceOf: Failure});
  t.is(inUse.kind, 'machine');
  t.regex(inUse.message, /cannot serve on 127\.0\.0\.1, port \d+: EADDRINUSE/);
});

/** What a server answers to bytes that no client library would send. */
async function raw(port: number, request: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  socket.write(request);
  return await text(socket);
}
