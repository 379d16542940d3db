import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {execa} from 'execa';
import {readCgroupLayout} from '../../src/host/cgroups.ts';
import {configurationOf} from '../../stand-ins/shared/make.ts';
import {serveMirror} from '../../stand-ins/shared/serve.ts';
import ubuntu from '../../stand-ins/ubuntu/index.ts';
import {launcher} from '../cli/osctl-template.ts';
import {builtAndPassing} from '../fixtures/booted.ts';
import {everything} from '../fixtures/extent.ts';
import {type ConfiguredRun, openConfiguredRun, openMirrorRun} from '../fixtures/mirrors.ts';
import {halves, replaces} from '../fixtures/misbehaviour.ts';
import {sourceLines} from '../fixtures/sources.ts';

const layout = await readCgroupLayout();
/** The release that `mirrors check` asks for. */
const newest = '26.04';
const noble = {version: '24.04', suite: 'noble', fuse: 'fuse3', baseFiles: '14ubuntu10.3'};
const bionic = {version: '18.04', suite: 'bionic', fuse: 'fuse', baseFiles: '12ubuntu4.3'};
const xenial = {version: '16.04', suite: 'xenial', fuse: 'fuse', baseFiles: '12ubuntu1.3'};
const old = layout === 'unified' ? [bionic] : [bionic, xenial];
const releases = everything ? [noble, ...old] : [noble];

const served = [...releases.map(({version}) => version), newest];

/** Ubuntu from its stand-in mirror: the tests share one output folder and go one after another. */
const run = await openMirrorRun(ubuntu, {releases: served});
test.after.always(() => run[Symbol.asyncDispose]());

test.serial('it is built, boots and passes', async (t) => {
  const templates = releases.map(({version}) => `ubuntu-${version}`);
  await builtAndPassing(t, run, templates, releases.includes(xenial) ? ['cgroups'] : []);
});

for (const {version, suite, fuse, baseFiles} of releases) {
  test.serial(`${version} has packages of main and universe, its updates and security fixes`, async (t) => {
    const {packages, sources, vpsadmin} = await run.manifest(`ubuntu-${version}`);
    const versions = new Map(packages.map((each) => [each.name, each.version]));
    for (const name of ['ifupdown', 'squashfuse', 'ubuntu-keyring', 'openssh-server', fuse])
      t.true(versions.has(name), name);
    for (const name of ['netplan.io', 'systemd-resolved', 'resolvconf', 'debian-archive-keyring'])
      t.false(versions.has(name), name);
    t.is(versions.get('base-files'), baseFiles);
    t.is(versions.get('less'), `668-1ubuntu0.${version}.1`);
    const components = 'main restricted universe multiverse';
    t.deepEqual(
      sourceLines(sources),
      ['', '-updates', '-security'].map(
        (pocket) => `${run.server.url}/ubuntu ${suite}${pocket} ${components}`,
      ),
    );
    t.true(vpsadmin.label.startsWith(`Ubuntu ${version} (${suite})`));
  });
}

test.serial(
  'apt in the template trusts the configured key and no other; to programs it is Ubuntu',
  async (t) => {
    const script = [
      'apt-get update -qq && echo apt works',
      'cat /etc/apt/sources.list.d/*; grep ^ID= /etc/os-release',
      'readlink /etc/dpkg/origins/default /etc/systemd/system/systemd-resolved.service',
      'mv /etc/apt/keyrings/ubuntu.gpg /root; apt-get update -qq --error-on=any || echo apt refuses',
      'exit 7',
    ].join('\n');
    const {exitCode, stdout} = await execa(
      'script',
      ['-qec', `printf '%s\n' '${script}' | ${launcher} shell ubuntu-24.04`, '/dev/null'],
      {
        reject: false,
        stdin: 'ignore',
        env: {
          OSCTL_TEMPLATE_OUTPUT: run.output,
          OSCTL_TEMPLATE_CONFIG: join(run.output, 'osctl-templates.yml'),
        },
      },
    );
    t.is(exitCode, 7, stdout);
    t.regex(stdout, /^apt works/m);
    t.regex(stdout, /^Signed-By: \/etc\/apt\/keyrings\/ubuntu\.gpg/m);
    t.regex(stdout, /^ID=ubuntu/m);
    t.regex(stdout, /^ubuntu\s+\/dev\/null/m);
    t.regex(stdout, /^apt refuses/m);
  },
);

test.serial('mirrors check says what was verified, and fails where nobody answers', async (t) => {
  const good = await run.command('mirrors', 'check', 'ubuntu');
  t.is(good.exitCode, 0, good.all);
  t.regex(good.stdout, /^DISTRIBUTION +PLACE +MIRROR +REACHABLE +VERIFIED +AGE$/m);
  const security = 'InRelease of resolute-security, by the configured keys';
  t.regex(
    good.stdout,
    new RegExp(`^ubuntu +security +${run.server.url}/ubuntu +yes +${security} +\\d+ [hd]$`, 'm'),
  );

  const {mirrors, keys} = configurationOf(run.mirror, run.server.url);
  const closed = await serveMirror(run.mirror.folder);
  await closed[Symbol.asyncDispose]();
  const {archive} = mirrors.ubuntu ?? {};
  await using other = await openConfiguredRun({mirrors: {ubuntu: {archive: [archive, closed.url]}}, keys});
  const bad = await other.command('mirrors', 'check', 'ubuntu', '--json');
  t.is(bad.exitCode, 1);
  t.like(JSON.parse(bad.stdout), [
    {place: 'archive', url: archive, reachable: true, failure: null},
    {place: 'archive', url: closed.url, reachable: false, verified: null, made: null},
  ]);
  t.is((await run.command('mirrors', 'check', 'ubunto')).exitCode, 2);
});

/** What a build says that must fail; nothing of it may become a template. */
async function refusal(t: ExecutionContext, refused: ConfiguredRun): Promise<string> {
  const {exitCode, stdout, all} = await refused.command('build', 'ubuntu-24.04');
  t.is(exitCode, 1, all);
  const ids = await readdir(join(refused.output, 'builds'));
  t.deepEqual(
    ids.filter((id) => id.startsWith('ubuntu')),
    [],
  );
  return stdout;
}

test.serial('an archive that a stranger signed is refused, and mirrors check says so', async (t) => {
  const {mirrors} = configurationOf(run.mirror, run.server.url);
  await using refused = await openConfiguredRun({mirrors}); // without keys, only Ubuntu's own are trusted
  const asked = run.server.asked.length;
  t.regex(
    await refusal(t, refused),
    /mmdebstrap noble: the mirror’s index is not signed by the distribution’s key/,
  );
  t.deepEqual(
    run.server.asked.slice(asked).filter((path) => path.includes('/pool/')),
    [],
  );
  const {exitCode, stdout} = await refused.command('mirrors', 'check', 'ubuntu');
  t.is(exitCode, 1);
  t.regex(stdout, /^ubuntu +archive +\S+ +yes +no: InRelease of resolute: is not signed by/m);
});

test.serial('half an index and a replaced package of universe are refused', async (t) => {
  for (const misbehave of [
    halves(/\/universe\/binary-amd64\/Packages/),
    replaces(/\/pool\/universe\/i\/ifupdown\/.*\.deb$/),
  ]) {
    await using refused = await openMirrorRun(ubuntu, {misbehave, releases: served});
    t.regex(
      await refusal(t, refused),
      /mmdebstrap noble: a download does not match the signed index: truncated or replaced/,
    );
  }
});
