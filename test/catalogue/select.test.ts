import test from 'ava';
import type {Available} from '../../src/catalogue/available.ts';
import {selectTemplates} from '../../src/catalogue/select.ts';
import {Failure} from '../../src/failure.ts';
import {shortName, type Template} from '../../src/recipe/template.ts';

function template(distribution: string, release: string, tags: string[] = [], variant = 'minimal'): Template {
  const version = release === 'testing' ? 'testing-20261123' : release;
  return {distribution, release, version, arch: 'x86_64', vendor: 'vpsadminos', variant, tags};
}

const known = [
  template('centos', '9-stream'),
  template('debian', '12', ['oldstable']),
  template('debian', '13', ['stable', 'latest']),
  template('debian', 'testing', ['testing']),
  template('nixos', '25.11', ['stable']),
  template('nixos', '25.11', ['stable'], 'impermanence'),
  template('void', '1', [], 'glibc'),
  template('void', '1', [], 'musl'),
];
const available: Available = {known, listed: known, broken: []};
const select = (...patterns: string[]) => selectTemplates(patterns, available).map(shortName);

const chosen: [pattern: string, templates: string[]][] = [
  ['debian-13-x86_64-vpsadminos-minimal', ['debian-13']],
  ['debian-13-x86_64-vpsadminos', ['debian-13']],
  ['debian-13-x86_64', ['debian-13']],
  ['debian-13', ['debian-13']],
  ['debian-13-minimal', ['debian-13']],
  ['debian-stable', ['debian-13']],
  ['debian-latest-x86_64-vpsadminos-minimal', ['debian-13']],
  ['debian-testing', ['debian-testing']],
  ['debian-testing-20261123', ['debian-testing']],
  ['debian-testing-x86_64-vpsadminos-minimal', ['debian-testing']],
  ['centos', ['centos-9-stream']],
  ['centos-9-stream', ['centos-9-stream']],
  ['nixos-25.11', ['nixos-25.11']],
  ['nixos-stable', ['nixos-25.11']],
  ['nixos-25.11-impermanence', ['nixos-25.11-impermanence']],
  ['nixos-25.11-x86_64-vpsadminos-impermanence', ['nixos-25.11-impermanence']],
  ['debian-*', ['debian-12', 'debian-13', 'debian-testing']],
  ['debian-1?', ['debian-12', 'debian-13']],
  ['debian-{12,testing}', ['debian-12', 'debian-testing']],
  ['*-stable', ['debian-13', 'nixos-25.11', 'nixos-25.11-impermanence']],
  ['*-impermanence', ['nixos-25.11-impermanence']],
  ['debian@>=13', ['debian-13']],
  ['debian@<13', ['debian-12']],
  ['centos@9-stream', ['centos-9-stream']],
  ['nixos@>=25.05', ['nixos-25.11', 'nixos-25.11-impermanence']],
  ['all', known.map(shortName)],
];

for (const [pattern, templates] of chosen) {
  test(`${pattern} means ${templates.join(', ')}`, (t) => {
    t.deepEqual(select(pattern), templates);
  });
}

test('several arguments give each template once, in the order of the available ones', (t) => {
  t.deepEqual(select('debian-testing', 'debian-stable', '*-12', 'debian-13', 'centos'), [
    'centos-9-stream',
    'debian-12',
    'debian-13',
    'debian-testing',
  ]);
  t.deepEqual(select(), []);
});

const refused: [pattern: string, message: string][] = [
  ['debian-1', 'debian-1: no such template; did you mean debian-12 or debian-13?'],
  ['debain-13', 'debain-13: no such template; did you mean debian-13?'],
  ['debian-stabel', 'debian-stabel: no such template; did you mean debian-stable?'],
  ['centos-9', 'centos-9: no such template; did you mean centos-9-stream?'],
  ['debian-testing-20250101', 'debian-testing-20250101: no such template; did you mean debian-testing?'],
  ['slackware', 'slackware: no such template'],
  ['rocky-*', 'rocky-*: no template has such a name'],
  [
    'debian',
    'debian: is ambiguous, it fits debian-12, debian-13 and debian-testing; use debian-* for all of them',
  ],
  ['void-1', 'void-1: is ambiguous, it fits void-1-glibc and void-1-musl; use void-1-* for all of them'],
];

for (const [pattern, message] of refused) {
  test(`${pattern} is refused`, (t) => {
    const error = t.throws(() => select(pattern), {instanceOf: Failure});
    t.is(error.message, message);
    t.is(error.exitCode, 2);
    t.is(error.remedy, '`osctl-template ls` lists all templates.');
  });
}

test('everything that is wrong with the arguments is told at once', (t) => {
  t.throws(() => select('debian-13', 'debain-12', 'rocky-*'), {
    message: 'debain-12: no such template; did you mean debian-12?\nrocky-*: no template has such a name',
  });
});

test('all and globs choose among the listed templates, a name among all', (t) => {
  const some: Available = {known, listed: known.filter(({release}) => release === '13'), broken: []};
  const names = (pattern: string) => selectTemplates([pattern], some).map(shortName);
  t.deepEqual(names('all'), ['debian-13']);
  t.deepEqual(names('debian-*'), ['debian-13']);
  t.deepEqual(names('debian'), ['debian-13']);
  t.deepEqual(names('debian-12'), ['debian-12']);
  t.deepEqual(names('centos'), ['centos-9-stream']);
});

test('what exists and is not listed is told as such to globs and ranges', (t) => {
  const some: Available = {known, listed: known.filter(({release}) => release === '13'), broken: []};
  for (const [pattern, says] of [
    ['centos-*', /^centos-\*: centos-9-stream exists but is not listed; globs and ranges select listed/],
    ['debian@<13', /^debian@<13: debian-12 exists but is not listed/],
    ['*-impermanence', /nixos-25\.11-impermanence exists but is not listed/],
  ] as const)
    t.regex(t.throws(() => selectTemplates([pattern], some)).message, says);
});

test('a broken recipe’s mistakes are told where it is selected, and nowhere else', (t) => {
  const broken = [
    {name: 'void-x', folder: '/r/void-x', mistakes: ['/r/void-x/index.ts: a', '/r/void-x/index.ts: b']},
  ];
  const some: Available = {known, listed: known, broken};
  for (const pattern of ['void-x', 'void-x-1', 'void-x*', 'void-x@>=1'])
    t.is(
      t.throws(() => selectTemplates([pattern], some)).message,
      `${pattern}: its recipe has mistakes:\n  /r/void-x/index.ts: a\n  /r/void-x/index.ts: b`,
    );
  for (const pattern of ['all', 'debian-13', 'void-*']) t.true(selectTemplates([pattern], some).length > 0);
});

const outOfRange: [pattern: string, says: RegExp][] = [
  ['debian@>90', /debian@>90: no listed release of debian is in this range/],
  ['debain@>=12', /debain@>=12: no listed template is of debain; did you mean debian\?/],
  ['debian@new', /new is no range of versions/],
];

for (const [pattern, says] of outOfRange) {
  test(`${pattern} is refused`, (t) => {
    const failure = t.throws(() => select(pattern), {instanceOf: Failure});
    t.is(failure?.exitCode, 2);
    t.regex(failure?.message ?? '', says);
  });
}
