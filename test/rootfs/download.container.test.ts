import {mkdtemp, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {gentoo} from '../../builders/gentoo.ts';
import {Failure} from '../../src/failure.ts';
import {Unreachable} from '../../src/rootfs/diagnosis.ts';
import {download} from '../../src/rootfs/download.ts';
import type {Misbehaviour} from '../../stand-ins/shared/serve.ts';
import {openBuildContainer} from '../fixtures/build-container.ts';
import {freePort} from '../fixtures/free-port.ts';
import {serveDuring} from './tiny-archive.ts';

const folder = await mkdtemp(join(tmpdir(), 'osctl-template-test-'));
await writeFile(join(folder, 'file'), 'x'.repeat(100_000));
const opened = await openBuildContainer(gentoo);
const {container} = opened;

test.after.always(async () => {
  await opened[Symbol.asyncDispose]();
  await rm(folder, {recursive: true, force: true});
});

/** Serves the file in a way, and gives what comes of a download. */
async function failureOf(t: ExecutionContext, misbehave?: Misbehaviour, path = '/file'): Promise<Failure> {
  const {url} = await serveDuring(t, folder, misbehave);
  return refused(t, `${url}${path}`);
}

async function refused(t: ExecutionContext, url: string): Promise<Failure> {
  const error = await t.throwsAsync(download({container}, {url, to: '/srv/refused', timeout: 1}), {
    instanceOf: Failure,
  });
  if (error === undefined) throw new Error('nothing was refused');
  t.true(error.message.startsWith(`${url}: `), error.message);
  return error;
}

test('a file comes as it is', async (t) => {
  const {url} = await serveDuring(t, folder);
  await download({container}, {url: `${url}/file`, to: '/srv/file'});
  t.is(await container.run(['stat', '--format=%s', '/srv/file']), '100000');
});

test('a port nobody listens on: another mirror may do', async (t) => {
  const error = await refused(t, `http://127.0.0.1:${await freePort()}/file`);
  t.true(error instanceof Unreachable);
  t.regex(error.message, /the mirror cannot be reached$/);
  t.regex(error.remedy ?? '', /another mirror/);
});

test('a mirror that takes the request and never answers', async (t) => {
  const error = await failureOf(t, () => true);
  t.true(error instanceof Unreachable);
  t.regex(error.message, /the mirror does not answer in time$/);
});

test('a mirror that stops in the middle, and keeps the connection', async (t) => {
  const error = await failureOf(t, (_path, content, response) => {
    response.writeHead(200, {'content-length': content.length});
    response.write(content.subarray(0, 1));
    return true;
  });
  t.true(error instanceof Unreachable);
  t.regex(error.message, /the mirror does not answer in time$/);
});

test('a mirror that breaks off in the middle', async (t) => {
  const error = await failureOf(t, (_path, content, response) => {
    response.writeHead(200, {'content-length': content.length});
    response.write(content.subarray(0, 1000), () => response.destroy());
    return true;
  });
  t.true(error instanceof Unreachable);
  t.regex(error.message, /the mirror breaks off$/);
});

test('a mirror that does not have the file', async (t) => {
  const error = await failureOf(t, undefined, '/nothing');
  t.true(error instanceof Unreachable);
  t.regex(error.message, /the mirror does not have this file$/);
  t.regex(error.remedy ?? '', /address/);
});

test('a mirror that is broken is asked again, and may be whole by then', async (t) => {
  let broken = 1;
  const {url, asked} = await serveDuring(t, folder, (_path, _content, response) => {
    if (broken === 0) return false;
    broken -= 1;
    response.writeHead(503).end();
    return true;
  });
  await download({container}, {url: `${url}/file`, to: '/srv/again'});
  t.is(await container.run(['stat', '--format=%s', '/srv/again']), '100000');
  t.is(asked.length, 2);
});

test('an address that is no mirror’s at all is not fetched', async (t) => {
  const error = await t.throwsAsync(download({container}, {url: 'file:///etc/passwd', to: '/srv/passwd'}));
  t.regex(error?.message ?? '', /^file:\/\/\/etc\/passwd: /);
  t.is(await container.run(['sh', '-c', '[ -e /srv/passwd ] || echo none']), 'none');
});
