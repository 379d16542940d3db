import test from 'ava';
import {availableTemplates, settingsOf} from '../../src/catalogue/available.ts';
import {loadDistributions} from '../../src/catalogue/load.ts';
import type {TemplateSettings} from '../../src/recipe/settings.ts';
import {shortName, templateId} from '../../src/recipe/template.ts';
import {folderWith, recipe} from '../folders.ts';

const naming = {vendor: 'vpsadminos', arch: 'x86_64'};
const serial = '20261123T153000Z';

async function available(t: Parameters<typeof folderWith>[0], templates?: Record<string, TemplateSettings>) {
  const folder = await folderWith(t, {'debian/index.ts': recipe('debian', "variants: ['minimal', 'cloud']")});
  return availableTemplates(await loadDistributions([folder], naming), {...naming, templates}, serial);
}

/** Tags by short name. */
function tagsOf({known}: Awaited<ReturnType<typeof available>>): Record<string, readonly string[]> {
  return Object.fromEntries(known.map((template) => [shortName(template), template.tags]));
}

test('every release and variant is a template; a dated version has the day of the serial', async (t) => {
  const {known, listed} = await available(t);
  t.deepEqual(known.map(templateId), [
    'debian-12-x86_64-vpsadminos-minimal',
    'debian-12-x86_64-vpsadminos-cloud',
    'debian-13-x86_64-vpsadminos-minimal',
    'debian-13-x86_64-vpsadminos-cloud',
    'debian-testing-20261123-x86_64-vpsadminos-minimal',
    'debian-testing-20261123-x86_64-vpsadminos-cloud',
  ]);
  t.is(known[4]?.release, 'testing');
  t.deepEqual(listed, known);
});

test('the version of a release that is dated alone is the day; its name is still the release’s', async (t) => {
  const folder = await folderWith(t, {
    'arch/index.ts': recipe(
      'arch',
      "releases: [{version: 'rolling', codename: 'rolling', dated: 'alone', cgroups: 'v2', tags: ['rolling']}]",
    ),
  });
  const {known} = availableTemplates(await loadDistributions([folder], naming), naming, serial);
  t.deepEqual(known.map(templateId), ['arch-20261123-x86_64-vpsadminos-minimal']);
  t.deepEqual(known.map(shortName), ['arch-rolling']);
  t.deepEqual(known[0]?.tags, ['rolling']);
});

test('a configuration that lists templates says which are listed', async (t) => {
  const {known, listed} = await available(t, {
    'debian-13': {},
    'debian-12-cloud': {},
    'debian-testing-minimal': {},
  });
  t.is(known.length, 6);
  t.deepEqual(listed.map(shortName), ['debian-12-cloud', 'debian-13', 'debian-testing']);
});

test("tags are the configuration's where it gives some, else the recipe's", async (t) => {
  const tags = tagsOf(
    await available(t, {'debian-12': {tags: ['lts']}, 'debian-13': {}, 'debian-testing': {tags: []}}),
  );
  t.deepEqual(tags['debian-12'], ['lts']);
  t.deepEqual(tags['debian-13'], ['stable', 'latest']);
  t.deepEqual(tags['debian-testing'], []);
  t.deepEqual(tags['debian-12-cloud'], ['oldstable']);
});

test('a tag the configuration gives is taken from the release that had it, of the same variant', async (t) => {
  const tags = tagsOf(await available(t, {'debian-testing': {tags: ['latest']}}));
  t.deepEqual(tags['debian-testing'], ['latest']);
  t.deepEqual(tags['debian-13'], ['stable']);
  t.deepEqual(tags['debian-13-cloud'], ['stable', 'latest']);
});

test("a template's settings are found by its name with and without the variant", async (t) => {
  const {known} = await available(t);
  const [minimal, cloud] = known;
  if (minimal === undefined || cloud === undefined) return t.fail();
  t.is(settingsOf({'debian-12': {order: 1}}, minimal)?.order, 1);
  t.is(settingsOf({'debian-12-minimal': {order: 2}}, minimal)?.order, 2);
  t.is(settingsOf({'debian-12-cloud': {order: 3}}, cloud)?.order, 3);
  t.is(settingsOf({'debian-12': {order: 1}}, cloud), undefined);
  t.is(settingsOf(undefined, cloud), undefined);
});

const oldAndNew = recipe(
  'debian',
  "releases: [{version: '8', codename: 'jessie', legacy: true, cgroups: 'v1'}, {version: '13', codename: 'trixie', cgroups: 'v2'}]",
);

test('a legacy release is known and part of all only where the configuration lists it', async (t) => {
  const recipes = await loadDistributions([await folderWith(t, {'debian/index.ts': oldAndNew})], naming);
  const names = (templates?: Record<string, TemplateSettings>) => {
    const {known, listed} = availableTemplates(recipes, {...naming, templates}, serial);
    return {known: known.map(shortName), listed: listed.map(shortName)};
  };
  t.deepEqual(names(), {known: ['debian-8', 'debian-13'], listed: ['debian-13']});
  t.deepEqual(names({'debian-8': {}}), {known: ['debian-8', 'debian-13'], listed: ['debian-8']});
});
