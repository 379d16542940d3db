import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import gentoo from '../../stand-ins/gentoo/index.ts';
import {configurationOf} from '../../stand-ins/shared/make.ts';
import {type Misbehaviour, serveMirror} from '../../stand-ins/shared/serve.ts';
import {osctlTemplate} from '../cli/osctl-template.ts';
import {builtAndPassing} from '../fixtures/booted.ts';
import {everything} from '../fixtures/extent.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';
import {sourceLines} from '../fixtures/sources.ts';

/** The whole way on stand-ins of both stage3 archives; the tests of this file share one output folder. */
const run = await openMirrorRun(gentoo, {releases: ['openrc', 'systemd']});
test.after.always(() => run[Symbol.asyncDispose]());

const flavours = everything ? ['openrc', 'systemd'] : ['openrc'];

test.serial(`what has ${flavours.join(' and ')} is built, boots and passes`, async (t) => {
  const templates = flavours.map((each) => `gentoo-${each}`);
  await builtAndPassing(t, run, templates, everything ? ['own-configuration'] : []);
});

test.serial('the manifest says what is in a template and where it is from', async (t) => {
  for (const flavour of flavours) {
    const {id, packages, sources} = await run.manifest(`gentoo-${flavour}-`);
    t.regex(id, new RegExp(`^gentoo-${flavour}-\\d{8}-x86_64-vpsadminos-minimal$`));
    const names = packages.map(({name}) => name);
    const own =
      flavour === 'openrc'
        ? ['net-misc/netifrc', 'net-misc/dhcpcd', 'sys-apps/openrc']
        : ['sys-apps/systemd'];
    for (const name of ['app-editors/vim', 'net-misc/openssh', 'sys-apps/iproute2', ...own])
      t.true(names.includes(name), `${flavour}: ${name}`);
    t.true(
      sourceLines(sources).some((source) =>
        source.startsWith('binary packages of https://distfiles.gentoo.org/releases/'),
      ),
      sourceLines(sources).join('\n'),
    );
  }
});

/** A build from a mirror that does wrong: what it was asked for, and the failure in the build's own words. */
async function refusal(
  t: ExecutionContext,
  misbehave: Misbehaviour,
  changes: {readonly keys?: readonly string[]} = {},
): Promise<{readonly said: string; readonly asked: readonly string[]}> {
  await using server = await serveMirror(run.mirror.folder, {misbehave});
  const config = join(run.output, 'refused.yml');
  const {mirrors, keys} = configurationOf(run.mirror, server.url);
  await writeFile(
    config,
    JSON.stringify({mirrors, keys: changes.keys === undefined ? keys : {gentoo: changes.keys}}),
  );
  const env = {OSCTL_TEMPLATE_OUTPUT: run.output, OSCTL_TEMPLATE_CONFIG: config};
  const {exitCode, all} = await osctlTemplate(['build', 'gentoo-openrc'], env);
  t.is(exitCode, 1, all);
  t.regex(all, /Nothing of it was used/);
  return {said: /^.*✘ gentoo-openrc failed in \d+ s: (.*)$/m.exec(all)?.[1] ?? all, asked: server.asked};
}

/** Serves something else in the place of what a path matches. */
function instead(path: RegExp, change: (content: Buffer) => Buffer | Promise<Buffer>): Misbehaviour {
  return (asked, content, response) => {
    if (!path.test(asked)) return false;
    Promise.resolve(change(content)).then((changed) => response.end(changed));
    return true;
  };
}

const half = (content: Buffer) => content.subarray(0, content.length / 2);

function withChangedByte(content: Buffer): Buffer {
  const changed = Buffer.from(content);
  const place = Math.floor(content.length / 2);
  changed.writeUInt8(changed.readUInt8(place) ^ 1, place);
  return changed;
}

test.serial('a list that a stranger signed is refused, and no stage3 is asked for', async (t) => {
  const stranger = join(run.output, 'stranger.asc');
  await writeFile(stranger, await readFile(join(run.mirror.folder, 'stranger.asc')));
  const {said, asked} = await refusal(t, () => false, {keys: [stranger]});
  t.regex(said, /latest-stage3-amd64-openrc\.txt: is not signed by the distribution’s key$/);
  t.deepEqual(asked, ['/releases/amd64/autobuilds/latest-stage3-amd64-openrc.txt']);
});

test.serial('half a list is refused', async (t) => {
  const {said} = await refusal(t, instead(/latest-stage3/, half));
  t.regex(
    said,
    /latest-stage3-amd64-openrc\.txt: has no signature that can be read: truncated or not signed$/,
  );
});

test.serial('half a stage3, and one with a changed byte, are refused', async (t) => {
  for (const change of [half, withChangedByte]) {
    const {said, asked} = await refusal(t, instead(/\.tar\.xz$/, change));
    t.regex(said, /stage3-amd64-openrc-\w+\.tar\.xz: does not match its signature: truncated or replaced$/);
    t.false(asked.some((path) => path.startsWith('/snapshots/')));
  }
});

test.serial('another stage3 with its own good signature is refused', async (t) => {
  const other = async (path: string) =>
    readFile(join(run.mirror.folder, path.replaceAll('openrc', 'systemd')));
  const misbehave: Misbehaviour = (path, _content, response) => {
    if (!/openrc-\w+\.tar\.xz(\.asc)?$/.test(path)) return false;
    other(path).then((content) => response.end(content));
    return true;
  };
  const {said} = await refusal(t, misbehave);
  t.regex(said, /stage3-amd64-openrc-\w+\.tar\.xz: does not match the signed digest: truncated or replaced$/);
});

test.serial('a snapshot that was changed is refused', async (t) => {
  const {said} = await refusal(t, instead(/gentoo-latest\.tar\.xz$/, withChangedByte));
  t.regex(said, /gentoo-latest\.tar\.xz: does not match its signature: truncated or replaced$/);
});

test.serial('a binary package that was truncated or changed is refused', async (t) => {
  for (const change of [half, withChangedByte]) {
    const {said} = await refusal(t, instead(/vim.*\.gpkg\.tar$/, change));
    t.regex(said, /a binary package does not match its signed digests: truncated or replaced$/);
  }
});

test.serial('a binary package of the same size that a stranger signed is refused', async (t) => {
  const stranger = (path: string) => path.replace(/^.*x86-64\//, `${run.mirror.folder}/stranger/`);
  const misbehave: Misbehaviour = (path, _content, response) => {
    if (!/vim.*\.gpkg\.tar$/.test(path)) return false;
    readFile(stranger(path)).then((content) => response.end(content));
    return true;
  };
  const {said} = await refusal(t, misbehave);
  t.regex(said, /a binary package is not signed by the distribution’s key$/);
});
