import test from 'ava';
import {renderIndex, schema1, templates2018, treeContents, treeLinks} from '../../src/repository/tree.ts';
import {type BuildDescription, describeManifest} from './builds.ts';

const older = '20261120T030000Z';
const newer = '20261123T153000Z';

function contentsOf(...descriptions: readonly BuildDescription[]) {
  return treeContents(schema1, descriptions.map(describeManifest));
}

function tagsOf(...descriptions: readonly BuildDescription[]) {
  return contentsOf(...descriptions).entries.map(({template, tags}) => [template.version, ...tags]);
}

test('the index of schema 1, byte by byte', (t) => {
  const index = renderIndex(
    schema1,
    contentsOf(
      {version: 'testing-20261123', serial: newer, tags: ['testing', 'latest']},
      {distribution: 'alpine', version: '3.22', serial: older, tags: []},
    ),
  );
  t.is(
    index,
    `{
  "vendors": {
    "default": "vpsadminos",
    "vpsadminos": "minimal"
  },
  "images": [
    {
      "vendor": "vpsadminos",
      "variant": "minimal",
      "arch": "x86_64",
      "distribution": "alpine",
      "version": "3.22",
      "tags": [],
      "image": {
        "tar": "vpsadminos/minimal/x86_64/alpine/3.22/image-archive.tar"
      }
    },
    {
      "vendor": "vpsadminos",
      "variant": "minimal",
      "arch": "x86_64",
      "distribution": "debian",
      "version": "testing-20261123",
      "tags": [
        "latest",
        "testing"
      ],
      "image": {
        "tar": "vpsadminos/minimal/x86_64/debian/testing-20261123/image-archive.tar"
      }
    }
  ]
}
`,
  );
});

test('the index of 2018, byte by byte', (t) => {
  const manifests = [describeManifest({serial: newer, tags: ['stable']})];
  t.is(
    renderIndex(templates2018, treeContents(templates2018, manifests)),
    `{
  "vendors": {
    "default": "vpsadminos",
    "vpsadminos": "minimal"
  },
  "templates": [
    {
      "vendor": "vpsadminos",
      "variant": "minimal",
      "arch": "x86_64",
      "distribution": "debian",
      "version": "13",
      "tags": [
        "stable"
      ],
      "rootfs": {
        "tar": "vpsadminos/minimal/x86_64/debian/13/rootfs.tar.gz"
      }
    }
  ]
}
`,
  );
});

test('the last day of support is in both indexes, where one is known', (t) => {
  const manifests = [{...describeManifest({serial: newer}), endOfLife: '2020-06-30'}];
  for (const tree of [schema1, templates2018])
    t.regex(renderIndex(tree, treeContents(tree, manifests)), /"end_of_life": "2020-06-30"/);
});

test('images stand in the order of vendor, variant, arch, distribution and version', (t) => {
  const paths = contentsOf(
    {serial: newer, version: '9'},
    {serial: newer, version: '13'},
    {serial: newer, distribution: 'alpine', version: '3.22'},
    {serial: newer, arch: 'aarch64'},
    {serial: newer, variant: 'full'},
    {serial: newer, vendor: 'acme', version: '1'},
  ).entries.map(({template: {vendor, variant, arch, distribution, version}}) =>
    [vendor, variant, arch, distribution, version].join(' '),
  );
  t.deepEqual(paths, [
    'acme minimal x86_64 debian 1',
    'vpsadminos full x86_64 debian 13',
    'vpsadminos minimal aarch64 debian 13',
    'vpsadminos minimal x86_64 alpine 3.22',
    'vpsadminos minimal x86_64 debian 13',
    'vpsadminos minimal x86_64 debian 9',
  ]);
});

test('the newest build stands for its template, in whatever order builds are found', (t) => {
  const builds = [{serial: newer}, {serial: older}];
  for (const order of [builds, builds.toReversed()]) {
    t.deepEqual(
      contentsOf(...order).entries.map(({manifest}) => manifest.serial),
      [newer],
    );
  }
});

test('a tag is taken from the version that had it', (t) => {
  t.deepEqual(
    tagsOf(
      {version: '12', serial: older, tags: ['stable', 'lts']},
      {version: '13', serial: newer, tags: ['stable']},
    ),
    [
      ['12', 'lts'],
      ['13', 'stable'],
    ],
  );
});

test('a tag goes back when its newer holder is built without it', (t) => {
  t.deepEqual(
    tagsOf(
      {version: '12', serial: older, tags: ['stable']},
      {version: '13', serial: '20261121T030000Z', tags: ['stable']},
      {version: '13', serial: newer, tags: []},
    ),
    [['12', 'stable'], ['13']],
  );
});

test('of dated versions the last day has the tag, and both stay', (t) => {
  t.deepEqual(
    tagsOf(
      {version: 'testing-20261123', serial: newer, tags: ['testing']},
      {version: 'testing-20261120', serial: older, tags: ['testing']},
    ),
    [['testing-20261120'], ['testing-20261123', 'testing']],
  );
});

test('each vendor, variant, arch and distribution has tags of its own', (t) => {
  t.deepEqual(
    tagsOf(
      {serial: newer, tags: ['latest']},
      {serial: newer, tags: ['latest'], vendor: 'acme'},
      {serial: newer, tags: ['latest'], variant: 'full'},
      {serial: newer, tags: ['latest'], arch: 'aarch64'},
      {serial: newer, tags: ['latest'], distribution: 'ubuntu'},
    ),
    Array.from({length: 5}, () => ['13', 'latest']),
  );
});

test('builds of one second share tags out the same way in any order', (t) => {
  const builds = ['12', '13'].map((version) => ({version, serial: newer, tags: ['stable']}));
  const expected = [['12'], ['13', 'stable']];
  t.deepEqual(tagsOf(...builds), expected);
  t.deepEqual(tagsOf(...builds.toReversed()), expected);
});

test('a tag that is also a version leads to nobody: the version does', (t) => {
  t.deepEqual(
    tagsOf({version: 'testing', serial: older}, {version: '13', serial: newer, tags: ['testing', 'stable']}),
    [['13', 'stable'], ['testing']],
  );
});

test('links lead from tags to versions, from defaults to vendors and variants', (t) => {
  const links = treeLinks(
    contentsOf({serial: newer, tags: ['stable', 'latest']}, {serial: newer, vendor: 'acme', variant: 'tiny'}),
  );
  t.deepEqual(Object.fromEntries(links), {
    default: 'vpsadminos',
    'acme/default': 'tiny',
    'vpsadminos/default': 'minimal',
    'vpsadminos/minimal/x86_64/debian/latest': '13',
    'vpsadminos/minimal/x86_64/debian/stable': '13',
  });
});

test('defaults are vpsadminos and minimal where they are, what was asked for, or the first', (t) => {
  const manifests = [
    {vendor: 'acme', variant: 'full'},
    {vendor: 'acme', variant: 'tiny'},
    {vendor: 'zoo', variant: 'minimal'},
    {vendor: 'zoo', variant: 'full'},
  ].map((names) => describeManifest({...names, serial: newer}));
  const vendorsWith = (defaults: {vendor?: string; variant?: string}) => {
    const {defaultVendor, defaultVariants} = treeContents(schema1, manifests, defaults);
    return {default: defaultVendor, ...Object.fromEntries(defaultVariants)};
  };
  t.deepEqual(vendorsWith({}), {default: 'acme', acme: 'full', zoo: 'minimal'});
  t.deepEqual(vendorsWith({vendor: 'zoo', variant: 'tiny'}), {default: 'zoo', acme: 'tiny', zoo: 'full'});
  t.deepEqual(vendorsWith({vendor: 'nobody'}), {default: 'acme', acme: 'full', zoo: 'minimal'});
});

test('a build without a root filesystem archive is in the index of images only', (t) => {
  const manifests = [describeManifest({serial: newer, contents: {'image-archive.tar': 'image'}})];
  t.is(treeContents(schema1, manifests).entries.length, 1);
  t.is(treeContents(templates2018, manifests).entries.length, 0);
});

test('an index without templates is still one', (t) => {
  t.deepEqual(JSON.parse(renderIndex(schema1, contentsOf())), {vendors: {}, images: []});
});
