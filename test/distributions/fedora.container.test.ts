import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {forRelease} from '../../src/recipe/distribution.ts';
import {step} from '../../src/recipe/step.ts';
import fedora from '../../stand-ins/fedora/index.ts';
import {builtAndPassing} from '../fixtures/booted.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';
import {halves, replaces} from '../fixtures/misbehaviour.ts';
import {type RefusedBuild, recipeOf, refusedBuild} from '../fixtures/refused-build.ts';
import {sourceLines} from '../fixtures/sources.ts';

const recipe = await recipeOf('fedora');
const run = await openMirrorRun(fedora, {releases: ['45']});
test.after.always(() => run[Symbol.asyncDispose]());

test.serial('Fedora is built from its stand-in mirror, boots and passes', async (t) => {
  const others = await builtAndPassing(t, run, ['fedora-45'], ['own-configuration']);
  t.false(others.some(({scenario}) => scenario === 'fuse'));
  const {packages, sources, vpsadmin, endOfLife} = await run.manifest('fedora-45');
  const versions = Object.fromEntries(packages.map(({name, version}) => [name, version]));
  for (const name of ['fedora-release', 'NetworkManager', 'openssh-server', 'systemd', 'glibc-langpack-en'])
    t.is(versions[name], '1.0-1', name);
  t.is(versions.sudo, '1.1-1', 'it is newer in updates');
  for (const name of ['gpg-pubkey', 'firewalld', 'systemd-resolved']) t.is(versions[name], undefined, name);
  // the template's own, not the mirror it was built from
  t.deepEqual(sourceLines(sources), [
    'fedora https://mirrors.fedoraproject.org/metalink?repo=fedora-$releasever&arch=$basearch',
  ]);
  t.is(vpsadmin.label, 'Fedora 45');
  t.is(endOfLife, '2027-12-08');
});

/** A build of the same recipe from the same mirror, something about which is wrong. */
const build = (t: ExecutionContext, changes: Partial<RefusedBuild>) =>
  refusedBuild(t, {
    mirror: run.mirror,
    distribution: recipe,
    release: '45',
    places: {linux: '/pub/fedora/linux'},
    ...changes,
  });

const notSigned = /dnf 45: a package or an index is not signed by the distribution’s key$/;
const otherwise = /dnf 45: a download does not match the index: truncated or replaced$/;
const installing = /Installing +: /;

test.serial('packages by a stranger are refused before any is installed', async (t) => {
  const {failure, log} = await build(t, {key: join(run.mirror.folder, 'RPM-GPG-KEY-stranger')});
  t.regex(failure.message, notSigned);
  t.regex(failure.remedy ?? '', /not to be trusted/);
  t.notRegex(log, installing);
});

test.serial(
  'a stranger’s package that the index lists as right is refused, and its script never runs',
  async (t) => {
    const {failure, log, asked} = await build(t, {places: {linux: '/replaced/pub/fedora/linux'}});
    t.regex(failure.message, notSigned);
    t.regex(failure.lastLines.join('\n'), /less/);
    t.true(asked.some((path) => path.includes('/Packages/less-')));
    t.notRegex(log, installing);
  },
);

test.serial(
  'half an index, half a package, and a package of the same size with another byte are refused',
  async (t) => {
    for (const misbehave of [
      halves(/-primary\./),
      halves(/\/Packages\/bash-/),
      replaces(/\/Packages\/bash-/),
    ]) {
      const {failure, log} = await build(t, {misbehave});
      t.regex(failure.message, otherwise);
      t.notRegex(log, installing);
    }
  },
);

test.serial(
  'a mirror that cannot be reached, and one that does not have the release, are told apart',
  async (t) => {
    const unreachable = await build(t, {places: {linux: '/nothing'}});
    t.regex(unreachable.failure.message, /dnf 45: the mirror does not have this file$/);
    const broken = await build(t, {
      misbehave(_path, _content, response) {
        response.destroy();
        return true;
      },
    });
    t.regex(broken.failure.message, /dnf 45: the mirror (breaks off|cannot be reached)$/);
  },
);

test.serial('a tree whose NetworkManager is not enabled is not sealed', async (t) => {
  const {osctl} = forRelease(recipe, '45');
  const {network} = osctl;
  const spoil = step('spoil', async (rootfs) => {
    await rootfs.run(['systemctl', 'disable', 'NetworkManager.service']);
  });
  const spoiled = {...osctl, network: {...network, prepare: [...network.prepare, spoil]}};
  const {failure} = await build(t, {distribution: {...recipe, osctl: spoiled}});
  t.regex(failure.message, /osctl cannot work with it: NetworkManager\.service is not enabled/);
});
