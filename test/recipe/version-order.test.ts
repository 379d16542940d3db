import test from 'ava';
import {Failure} from '../../src/failure.ts';
import {tagsOf} from '../../src/recipe/distribution.ts';
import {newestFirst, releaseIn} from '../../src/recipe/version-order.ts';

const versions = (...list: string[]) =>
  list.map((version) => ({version, codename: version, cgroups: 'any' as const}));

test('versions compare as people mean them', (t) => {
  for (const [newest, ...older] of [
    ['3.22', '3.9', '3.6'],
    ['26.04', '24.10', '24.04', '22.04'],
    ['10-stream', '9-stream', '7'],
    ['44', '9'],
    ['26.05', '25.11'],
    ['13', '12', '9'],
  ]) {
    const all = [newest ?? '', ...older];
    t.deepEqual(
      newestFirst(versions(...all.toReversed())).map(({version}) => version),
      all,
    );
  }
  t.deepEqual(newestFirst(versions('edge', 'testing', 'rawhide', 'openrc', '3.22')).length, 1);
});

test('a range holds what people mean by it', (t) => {
  const fits = (range: string, ...list: string[]) =>
    versions(...list)
      .filter((release) => releaseIn(release, range))
      .map(({version}) => version);
  t.deepEqual(fits('>=3.22', '3.9', '3.21', '3.22', '3.24', 'edge'), ['3.22', '3.24']);
  t.deepEqual(fits('<24.04', '18.04', '22.04', '24.04', '26.04'), ['18.04', '22.04']);
  t.deepEqual(fits('24.04', '24.4', '24.04', '24.10'), ['24.4', '24.04']);
  t.deepEqual(fits('>=9-stream', '7', '9-stream', '10-stream'), ['9-stream', '10-stream']);
  t.deepEqual(fits('>=11 <13', '9', '11', '12', '13', 'testing'), ['11', '12']);
  const failure = t.throws(() => releaseIn({version: '13'}, 'new'), {instanceOf: Failure});
  t.is(failure?.exitCode, 2);
});

test('tags that follow from the order move on when a release is added', (t) => {
  const tags = {newest: ['stable', 'latest'], previous: ['oldstable']};
  const releases = [...versions('8', '11', '12', '13', 'testing')].map((release) => ({
    ...release,
    ...(release.version === '8' ? {legacy: true} : {}),
    ...(release.version === 'testing' ? {tags: ['testing']} : {}),
  }));
  const of = (list: typeof releases) => list.map(({version}) => tagsOf({releases: list, tags}, version));
  t.deepEqual(of(releases), [[], [], ['oldstable'], ['stable', 'latest'], ['testing']]);
  t.deepEqual(of([...releases, ...versions('14')]), [
    [],
    [],
    [],
    ['oldstable'],
    ['testing'],
    ['stable', 'latest'],
  ]);
  t.deepEqual(tagsOf({releases: versions('8').map((each) => ({...each, legacy: true})), tags}, '8'), []);
});
