import test from 'ava';
import {parseConfiguration, refuseFile} from '../../src/config/file.ts';
import {Failure} from '../../src/failure.ts';

const parse = (content: string) => parseConfiguration(content, 'osctl-templates.yml');

/** What a person sees who wrote this file: the lines of the error. */
function refusal(content: string): string[] {
  try {
    refuseFile(parse(content));
  } catch (error) {
    if (error instanceof Failure && error.exitCode === 2) return error.message.split('\n');
    throw error;
  }
  return [];
}

test('reads amounts as numbers and mirrors as lists', (t) => {
  const {settings} = parse(`
vendor: example
arch: aarch64
output: /srv/out
repository: ../public
distributions: [more, /srv/recipes]
acceptExpired: true
jobs: 3
memory: 1.5G
cpus: 0.5
tree: tmpfs
limits: {step: 90s, build: 1.5h}
builders: {maximumAge: 0.5}
templates:
  debian-12:
  debian-13: {tags: [stable], enabled: false, label: Debian 13, info: New, order: 10, supported: true, features: [nesting]}
mirrors:
  debian:
    archive: http://mirror.example.org/debian
    security: [https://a.example.org/security, https://b.example.org/security]
`);
  t.deepEqual(settings, {
    vendor: 'example',
    arch: 'aarch64',
    output: '/srv/out',
    repository: '../public',
    distributions: ['more', '/srv/recipes'],
    acceptExpired: true,
    jobs: 3,
    memory: 1_610_612_736,
    cpus: 0.5,
    tree: 'tmpfs',
    limits: {step: 90, build: 5400},
    builders: {maximumAge: 0.5},
    templates: {
      'debian-12': {},
      'debian-13': {
        tags: ['stable'],
        enabled: false,
        label: 'Debian 13',
        info: 'New',
        order: 10,
        supported: true,
        features: ['nesting'],
      },
    },
    mirrors: {
      debian: {
        archive: ['http://mirror.example.org/debian'],
        security: ['https://a.example.org/security', 'https://b.example.org/security'],
      },
    },
  });
});

test('an empty file, and keys without a value, say nothing', (t) => {
  t.deepEqual(parse('').settings, {});
  t.deepEqual(parse('# nothing yet\n').settings, {});
  t.deepEqual(parse('jobs:\ntemplates:\n  # debian-13:\nlimits:\n').settings, {});
});

test('keeps the lines of keys and list items', (t) => {
  const {lines} = parse('vendor: x\ntemplates:\n  debian-13:\n    tags:\n      - stable\n      - latest\n');
  t.is(lines.get('vendor'), 1);
  t.is(lines.get('templates.debian-13'), 3);
  t.is(lines.get('templates.debian-13.tags[1]'), 6);
});

const mistakes: [content: string, message: string][] = [
  ['\njob: 2', 'osctl-templates.yml:2: job: unknown key; did you mean jobs?'],
  ['colour: red', 'osctl-templates.yml:1: colour: unknown key'],
  ['limits:\n  bild: 1h', 'osctl-templates.yml:2: limits.bild: unknown key; did you mean build?'],
  ['jobs: 0', 'osctl-templates.yml:1: jobs: must be auto or a whole number of 1 or more, not 0'],
  ['jobs: 1.5', 'osctl-templates.yml:1: jobs: must be auto or a whole number of 1 or more, not 1.5'],
  [
    'proxy: {http: ftp://builder:secret@host}',
    'osctl-templates.yml:1: proxy.http: must be an http or https URL, like http://proxy.example.org:3128',
  ],
  ['jobs: many', "osctl-templates.yml:1: jobs: must be auto or a whole number of 1 or more, not 'many'"],
  ['memory: 4', 'osctl-templates.yml:1: memory: must be a size with a unit, like 512M or 4G, not 4'],
  ['memory: 0G', "osctl-templates.yml:1: memory: must be a size with a unit, like 512M or 4G, not '0G'"],
  [
    'memory: [4G]',
    "osctl-templates.yml:1: memory: must be a size with a unit, like 512M or 4G, not [ '4G' ]",
  ],
  ['cpus: 0.05', 'osctl-templates.yml:1: cpus: must be a number of 0.1 or more, not 0.05'],
  ['tree: ram', "osctl-templates.yml:1: tree: must be auto, tmpfs or disk, not 'ram'"],
  ['acceptExpired: yes', "osctl-templates.yml:1: acceptExpired: must be host, true or false, not 'yes'"],
  [
    'limits: {step: 10}',
    'osctl-templates.yml:1: limits.step: must be a time with a unit, like 90s, 10m or 2h, not 10',
  ],
  [
    'builders: {maximumAge: -1}',
    'osctl-templates.yml:1: builders.maximumAge: must be a number of days, 0 or more, not -1',
  ],
  [
    'vendor: My Org',
    "osctl-templates.yml:1: vendor: must be lower case letters and digits with single . _ - between them, not 'My Org'",
  ],
  ['vendor: default', 'osctl-templates.yml:1: vendor: must not be default, which a repository has as a link'],
  ['output: 3', 'osctl-templates.yml:1: output: must be text; a number needs quotes, not 3'],
  ['distributions: more', "osctl-templates.yml:1: distributions: must be a list of folders, not 'more'"],
  [
    'templates: [debian-13]',
    "osctl-templates.yml:1: templates: must be a map from template names to settings, not [ 'debian-13' ]",
  ],
  [
    'templates:\n  debian-13: stable',
    "osctl-templates.yml:2: templates.debian-13: must be a map of keys, not 'stable'",
  ],
  [
    'templates:\n  debian-13: {tag: [x]}',
    'osctl-templates.yml:2: templates.debian-13.tag: unknown key; did you mean tags?',
  ],
  [
    'templates:\n  debian-13:\n    tags: [ok, 13]',
    'osctl-templates.yml:3: templates.debian-13.tags[1]: must be text; a number needs quotes, not 13',
  ],
  [
    'templates:\n  debian-13: {tags: stable}',
    "osctl-templates.yml:2: templates.debian-13.tags: must be a list of tags, not 'stable'",
  ],
  [
    'templates:\n  debian-13: {enabled: yes}',
    "osctl-templates.yml:2: templates.debian-13.enabled: must be true or false, not 'yes'",
  ],
  [
    'templates:\n  debian-13: {order: 1.5}',
    'osctl-templates.yml:2: templates.debian-13.order: must be a whole number, not 1.5',
  ],
  [
    `templates:\n  debian-13: {label: ${'x'.repeat(65)}}`,
    'osctl-templates.yml:2: templates.debian-13.label: must have 64 characters at most',
  ],
  [
    'mirrors:\n  debian: http://example.org/',
    "osctl-templates.yml:2: mirrors.debian: must be a map from source names to mirrors, not 'http://example.org/'",
  ],
  [
    'mirrors:\n  debian:\n    archive: ftp://example.org/',
    "osctl-templates.yml:3: mirrors.debian.archive[0]: must be an http or https URL, not 'ftp://example.org/'",
  ],
  [
    'mirrors:\n  debian:\n    archive: []',
    'osctl-templates.yml:3: mirrors.debian.archive: must name a mirror',
  ],
  [
    'mirrors:\n  debian:\n    archive: {}',
    'osctl-templates.yml:3: mirrors.debian.archive: must be a URL or a list of URLs, not {}',
  ],
  ['- vendor', "osctl-templates.yml:1: the file: must be a map of keys, not [ 'vendor' ]"],
  ['vendor: a\nvendor: b', 'osctl-templates.yml:2: Map keys must be unique'],
  [
    'limits: {step: 1h\njobs: 2',
    'osctl-templates.yml:2: Flow map in block collection must be sufficiently indented and end with a }',
  ],
];

for (const [content, message] of mistakes) {
  test(`refuses ${JSON.stringify(content).slice(0, 80)}`, (t) => {
    t.deepEqual(refusal(content), [message]);
  });
}

test('tells all mistakes at once, from top to bottom', (t) => {
  t.deepEqual(refusal('job: 2\nlimits:\n  test: soon\n  step: 10m\ntree: ram\nmemory: 4\n'), [
    'osctl-templates.yml:1: job: unknown key; did you mean jobs?',
    "osctl-templates.yml:3: limits.test: must be a time with a unit, like 90s, 10m or 2h, not 'soon'",
    "osctl-templates.yml:5: tree: must be auto, tmpfs or disk, not 'ram'",
    'osctl-templates.yml:6: memory: must be a size with a unit, like 512M or 4G, not 4',
  ]);
});
