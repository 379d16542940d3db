import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import test, {type ExecutionContext} from 'ava';
import {loadCatalogue} from '../../src/catalogue/catalogue.ts';
import {selectTemplates} from '../../src/catalogue/select.ts';
import {loadConfiguration, readConfiguration} from '../../src/config/load.ts';
import {Failure} from '../../src/failure.ts';
import {shortName} from '../../src/recipe/template.ts';
import {folderWith, recipe} from '../folders.ts';

const serial = '20261123T153000Z';

/** The catalogue of a project with a Debian recipe and this configuration. */
async function catalogue(t: ExecutionContext, configuration: string, fields = '') {
  const root = await folderWith(t, {
    'osctl-templates.yml': configuration,
    'distributions/debian/index.ts': recipe('debian', fields),
  });
  return loadCatalogue(await readConfiguration({env: {}, folder: root, root}), serial);
}

async function refusal(t: ExecutionContext, configuration: string): Promise<string[]> {
  const error = await t.throwsAsync(catalogue(t, configuration, "variants: ['minimal', 'cloud']"), {
    instanceOf: Failure,
  });
  t.is(error.exitCode, 2);
  return error.message.split('\n').map((line) => line.replace(/^\S*\/(?=osctl-templates.yml:)/, ''));
}

test('the templates of the file are the ones that all means, with its tags', async (t) => {
  const {available, recipes} = await catalogue(t, 'templates:\n  debian-13:\n  debian-12: {tags: [lts]}\n');
  t.is(recipes.length, 1);
  t.deepEqual(
    selectTemplates(['all'], available).map((template) => [shortName(template), template.tags]),
    [
      ['debian-12', ['lts']],
      ['debian-13', ['stable', 'latest']],
    ],
  );
});

test('recipes of other folders join the built-in ones', async (t) => {
  const elsewhere = await folderWith(t, {'devuan/index.ts': recipe('devuan')});
  const {available} = await catalogue(t, `distributions: [${elsewhere}]`);
  t.is(selectTemplates(['devuan-stable'], available).length, 1);
  t.is(selectTemplates(['all'], available).length, 6);
});

test('a broken recipe leaves the others and what the file says about them', async (t) => {
  const elsewhere = await folderWith(t, {
    'devuan/index.ts': recipe('devuan', 'title: 7,'),
    'void/index.ts': recipe('void'),
    'debian/index.ts': recipe('debian'),
  });
  const {available} = await catalogue(
    t,
    `distributions: [${elsewhere}]\ntemplates: {void-13: , devuan-13: , debian-13: }\nmirrors: {devuan: {archive: [http://127.0.0.1/]}}\n`,
  );
  t.deepEqual(selectTemplates(['all'], available).map(shortName), ['void-13']);
  t.deepEqual(available.broken.map(({name}) => name).toSorted(), ['debian', 'debian', 'devuan']);
  t.regex(
    t.throws(() => selectTemplates(['devuan-13'], available)).message,
    /devuan\/index\.ts: title: must be text/,
  );
});

test('a template that no recipe has is refused', async (t) => {
  t.deepEqual(
    await refusal(t, 'templates:\n  debian-12:\n  debain-13:\n  rocky-10:\n  debian-testing-20261123:\n'),
    [
      'osctl-templates.yml:3: templates.debain-13: no recipe has such a template; did you mean debian-13?',
      'osctl-templates.yml:4: templates.rocky-10: no recipe has such a template',
      'osctl-templates.yml:5: templates.debian-testing-20261123: no recipe has such a template; did you mean debian-testing?',
    ],
  );
});

test('a template that is there by two names is refused', async (t) => {
  t.deepEqual(await refusal(t, 'templates:\n  debian-13-minimal:\n  debian-13:\n'), [
    'osctl-templates.yml:2: templates.debian-13-minimal: is the same template as debian-13',
  ]);
});

test('a tag that two templates of one variant would have is refused', async (t) => {
  t.deepEqual(
    await refusal(
      t,
      'templates:\n  debian-12: {tags: [stable, stable]}\n  debian-13: {tags: [stable]}\n  debian-13-cloud: {tags: [stable]}\n',
    ),
    [
      'osctl-templates.yml:2: templates.debian-12.tags[0]: stable is also given to debian-13',
      'osctl-templates.yml:2: templates.debian-12.tags[1]: stable is there twice',
      'osctl-templates.yml:3: templates.debian-13.tags[0]: stable is also given to debian-12',
    ],
  );
});

test('a tag that is a version is refused, but for the one of a dated release', async (t) => {
  t.deepEqual(
    await refusal(
      t,
      "templates:\n  debian-12: {tags: ['13', testing]}\n  debian-testing: {tags: [testing]}\n",
    ),
    [
      'osctl-templates.yml:2: templates.debian-12.tags[0]: 13 is a version and cannot be a tag',
      'osctl-templates.yml:2: templates.debian-12.tags[1]: testing is a version and cannot be a tag',
      'osctl-templates.yml:2: templates.debian-12.tags[1]: testing is also given to debian-testing',
      'osctl-templates.yml:3: templates.debian-testing.tags[0]: testing is also given to debian-12',
    ],
  );
});

test('mirrors of a place the recipe does not know are refused', async (t) => {
  t.deepEqual(await refusal(t, 'mirrors:\n  debian:\n    archiv: http://mirror.example.org/\n'), [
    'osctl-templates.yml:3: mirrors.debian.archiv: Debian has mirrors of archive and security; did you mean archive?',
  ]);
});

test('everything that is wrong with a file is told at once, by line', async (t) => {
  const file = [
    'vendr: vpsadminos',
    'jobs: many',
    'templates:',
    '  debian-13:',
    '    tags: [stable, stable]',
    '  debain-12:',
    '    labl: Debian',
  ];
  t.deepEqual(await refusal(t, `${file.join('\n')}\n`), [
    'osctl-templates.yml:1: vendr: unknown key; did you mean vendor?',
    "osctl-templates.yml:2: jobs: must be auto or a whole number of 1 or more, not 'many'",
    'osctl-templates.yml:5: templates.debian-13.tags[1]: stable is there twice',
    'osctl-templates.yml:6: templates.debain-12: no recipe has such a template; did you mean debian-12?',
    'osctl-templates.yml:7: templates.debain-12.labl: unknown key; did you mean label?',
  ]);
});

const securityOf = `
  mirrorsTogether: ({release}) => release.dated ? ['archive'] : ['archive', 'security'],`;

for (const [place, other] of [
  ['archive', 'security'],
  ['security', 'archive'],
]) {
  test(`mirrors of ${place} without ${other} are refused for templates that need both`, async (t) => {
    const mirrors = `mirrors:\n  debian:\n    ${place}: http://mirror.example.org/\n`;
    const listing = 'templates:\n  debian-testing:\n';
    const error = await t.throwsAsync(catalogue(t, mirrors, securityOf), {instanceOf: Failure});
    t.is(error.exitCode, 2);
    t.deepEqual(
      error.message.split('\n').map((line) => line.replace(/^.*\//, '')),
      ['debian-12', 'debian-13'].map(
        (name) => `osctl-templates.yml:3: mirrors.debian.${place}: ${name} needs ${other} beside it`,
      ),
    );
    const only = await t.throwsAsync(catalogue(t, `${mirrors}${listing}  debian-13:\n`, securityOf));
    t.regex(only.message, /^\S*:3: mirrors\.debian\.\w+: debian-13 needs \w+ beside it$/);
    const both = `${mirrors}    ${other}: http://mirror.example.org/\n`;
    await t.notThrowsAsync(catalogue(t, both, securityOf));
    if (place === 'archive') await t.notThrowsAsync(catalogue(t, `${mirrors}${listing}`, securityOf));
  });
}

test('the shipped recipes say what their releases need together', async (t) => {
  const root = await folderWith(t, {
    'osctl-templates.yml':
      'mirrors:\n  debian: {archive: http://one.example.org/}\n  ubuntu: {archive: http://one.example.org/}\ntemplates:\n  debian-13:\n  debian-9:\n  ubuntu-24.04:\n',
  });
  const shipped = fileURLToPath(new URL('../../', import.meta.url));
  const configuration = await readConfiguration({
    env: {},
    flags: {config: join(root, 'osctl-templates.yml')},
    folder: root,
    root: shipped,
  });
  const error = await t.throwsAsync(loadCatalogue(configuration, serial));
  t.regex(error.message, /^\S*:2: mirrors\.debian\.archive: debian-13 needs security beside it$/);
});

test('mirrors of a distribution that no recipe has are refused', async (t) => {
  t.deepEqual(await refusal(t, 'mirrors:\n  debain:\n    archive: http://mirror.example.org/\n'), [
    'osctl-templates.yml:2: mirrors.debain: no recipe has such a distribution; did you mean debian?',
  ]);
});

test('the file that ships lists every release of every recipe but legacy and ended ones, with the recipes’ tags', async (t) => {
  const folder = fileURLToPath(new URL('../..', import.meta.url));
  const {available} = await loadCatalogue(await loadConfiguration({env: {}, folder, root: folder}), serial);
  const {available: all} = await loadCatalogue(
    {...(await loadConfiguration({env: {}, folder, root: folder})), templates: undefined},
    serial,
  );
  t.deepEqual(available.listed.map(shortName), all.listed.map(shortName));
  t.deepEqual(available.listed, all.listed);
  t.true(all.known.length > all.listed.length);
  const debian = selectTemplates(['debian-stable'], available).map(shortName);
  t.deepEqual(debian, ['debian-13']);
});

test('what the shipped file shows in comments is right too', async (t) => {
  const shipped = await readFile(new URL('../../osctl-templates.yml', import.meta.url), 'utf8');
  const settings = shipped.replace(/^( *)# ?( *(?!yaml-language-server)(?:[\w-]+:( .*)?))$/gm, '$1$2');
  const folder = await folderWith(t, {'osctl-templates.yml': settings.replace(/^ {2}debian-13:$/m, '')});
  const {mirrors, jobs, memory, limits, templates, distributions} = await loadConfiguration({
    env: {},
    folder,
  });
  t.is(mirrors.debian?.archive?.length, 2);
  t.is(templates?.['debian-13']?.order, 10);
  t.deepEqual([jobs, memory, limits.build], ['auto', 4 * 2 ** 30, 3600]);
  t.is(distributions.at(-1), join(folder, '../our-recipes'));
});
