import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {listScenarios} from '../../src/boot/scenario/list.ts';
import {lock} from '../../src/host/lock.ts';
import {buildFiles, type Manifest, readBuild} from '../../src/image/manifest.ts';
import {timeOf} from '../../src/recipe/serial.ts';
import {serve} from '../../src/repository/serve.ts';
import {commandOutput} from '../fixtures/command-output.ts';
import {everything} from '../fixtures/extent.ts';
import {machineDependent} from '../fixtures/inconclusive.ts';
import {sourceLines} from '../fixtures/sources.ts';
import {Reader} from '../repository/reader.ts';
import {launcher, osctlTemplate} from './osctl-template.ts';

/**
 * The whole way, as a person goes it: real Debian from its mirrors, built in containers, booted with all scenarios,
 * published and read back over HTTP. The tests of this file share one output folder and go one after another.
 */
const output = await commandOutput();
test.after.always(() => output[Symbol.asyncDispose]());

const env = {OSCTL_TEMPLATE_OUTPUT: output.path};
const repository = join(output.path, 'repository');
const releases = everything
  ? ['debian-11', 'debian-12', 'debian-13', 'debian-testing', 'debian-unstable']
  : ['debian-13'];

async function published(name: string): Promise<Manifest> {
  const ids = await readdir(join(repository, 'builds'));
  const id = ids.find((each) => each.startsWith(name)) ?? name;
  const [serial = ''] = await readdir(join(repository, 'builds', id));
  return (await readBuild(join(repository, 'builds', id, serial))).manifest;
}

test.serial('deploy builds, boots and publishes', async (t) => {
  const {exitCode, stdout, all} = await osctlTemplate(['deploy', ...releases], env);
  t.is(exitCode, 0, all);
  for (const name of releases) t.regex(stdout, new RegExp(`^✔ ${name} +published `, 'm'));
  t.regex(stdout, new RegExp(`^${releases.length} done in `, 'm'));
});

test.serial('a node finds them by version and by tag, and downloads what the manifest names', async (t) => {
  await using server = await serve(repository, {port: 0});
  const reader = new Reader(server.url, join(output.path, 'reader'));
  const {index} = await reader.index();
  t.is(index.images.length, releases.length);
  for (const [tag, name] of [
    ['stable', 'debian-13'],
    ['latest', 'debian-13'],
    ['oldstable', 'debian-12'],
    ['testing', 'debian-testing'],
    ['unstable', 'debian-unstable'],
    ['11', 'debian-11'],
  ] as const) {
    if (!releases.includes(name)) continue;
    const {files} = await published(name);
    t.is((await reader.image('debian', tag)).sha256, files[buildFiles.imageArchive]?.sha256 ?? 'none', tag);
  }
});

test.serial('the manifest says what is in a template, where it is from and how it was tested', async (t) => {
  const scenarios = (await listScenarios()).map(({name}) => name);
  for (const name of releases) {
    const {packages, sources, test: report, vpsadmin, files, recipe} = await published(name);
    const names = packages.map((each) => each.name);
    for (const expected of ['openssh-server', 'ifupdown', 'fuse3', 'systemd-sysv'])
      t.true(names.includes(expected), expected);
    t.false(names.some((each) => ['resolvconf', 'ntpdate', 'eject'].includes(each)));
    t.true(sources.length > 0);
    t.true(report?.passed);
    t.deepEqual(
      report?.scenarios.map((each) => each.name),
      scenarios,
    );
    t.deepEqual(
      report?.scenarios.filter(({name, outcome}) => outcome !== 'passed' && !machineDependent.includes(name)),
      [],
    );
    t.is(vpsadmin.family, 'linux');
    t.true(vpsadmin.label.startsWith('Debian '));
    t.deepEqual(
      Object.keys(files).sort(),
      [buildFiles.log, buildFiles.imageArchive, buildFiles.rootfs, buildFiles.testReport].sort(),
    );
    t.regex(recipe.hash, /^[0-9a-f]{64}$/);
  }
});

test.serial('stable releases have their updates and security fixes in their sources', async (t) => {
  const {sources} = await published('debian-13');
  for (const suite of ['trixie', 'trixie-updates', 'trixie-security']) {
    t.true(
      sourceLines(sources).some((source) => source.split(' ')[1] === suite),
      suite,
    );
  }
});

test.serial('ls shows the last build and that it passed', async (t) => {
  const {stdout} = await osctlTemplate(['ls', 'debian-13'], env);
  t.regex(stdout, /^debian-13 .* \d{8}T\d{6}Z +passed$/m);
});

test.serial('test runs only the scenarios that are named', async (t) => {
  const {exitCode, stdout} = await osctlTemplate(['test', 'debian-13', 'ssh', '--json'], env);
  t.is(exitCode, 0);
  const events = stdout.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
  t.deepEqual(
    events.filter(({type}) => type === 'scenario').map(({scenario, outcome}) => [scenario, outcome]),
    [['ssh', 'passed']],
  );
});

test.serial('a second run waits for the one that works on the same template', async (t) => {
  const path = join(output.path, 'builds', '.debian-13-x86_64-vpsadminos-minimal.lock');
  const other = await lock(path);
  const child = execa(launcher, ['test', 'debian-13', 'ids'], {env: {...env, CI: 'true'}});
  for await (const line of child) {
    if (line.includes('waiting for another run that works on debian-13')) await other[Symbol.asyncDispose]();
  }
  t.is((await child).exitCode, 0);
});

test.serial('another build of the same packages at the same time is the same bytes', async (t) => {
  const {id, serial, files} = await published('debian-13');
  await using own = await commandOutput();
  const {exitCode, all} = await osctlTemplate(['build', 'debian-13'], {
    OSCTL_TEMPLATE_OUTPUT: own.path,
    SOURCE_DATE_EPOCH: String(timeOf(serial).getTime() / 1000),
  });
  t.is(exitCode, 0, all);
  const folder = join(own.path, 'builds', id);
  const [again = ''] = await readdir(folder);
  t.not(again, serial);
  const {manifest} = await readBuild(join(folder, again));
  for (const file of [buildFiles.rootfs, buildFiles.imageArchive])
    t.deepEqual(manifest.files[file], files[file], file);
});

test.serial('an instance runs until it is removed', async (t) => {
  const made = await osctlTemplate(['instantiate', 'debian-13', '--hostname', 'look', '--json'], env);
  t.is(made.exitCode, 0, made.all);
  const {name} = JSON.parse(made.stdout) as {name: string};
  t.teardown(() => osctlTemplate(['ct', 'del', name], env));
  t.is((await osctlTemplate(['ct', 'exec', name, 'hostname'], env)).stdout, 'look');
  t.is((await osctlTemplate(['ct', 'exec', name, 'sh', '-c', 'exit 7'], env)).exitCode, 7);
  t.regex(
    (await osctlTemplate(['ct', 'ls'], env)).stdout,
    new RegExp(`^${name} +debian-13 +instance +running`, 'm'),
  );
  t.is((await osctlTemplate(['ct', 'del', name], env)).stdout, `removed ${name}`);
  t.deepEqual(await readdir(join(output.path, 'containers')), []);
});

test.serial('a shell opens in the tree after a stage, and its exit code is the command’s', async (t) => {
  const command = `echo "cat /etc/debian_version; exit 7" | ${launcher} shell debian-13 --after bootstrap`;
  const {exitCode, stdout} = await execa('script', ['-qec', command, '/dev/null'], {
    reject: false,
    env,
    stdin: 'ignore',
  });
  t.is(exitCode, 7);
  t.regex(stdout, /^13\.\d/m);
  t.deepEqual(await readdir(join(output.path, 'containers')), []);
});
