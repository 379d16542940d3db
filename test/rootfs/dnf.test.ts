import test from 'ava';
import {forRelease} from '../../src/recipe/distribution.ts';
import {recipeOf} from '../fixtures/refused-build.ts';

const fedora = await recipeOf('fedora');
const centos = await recipeOf('centos');

test('the trial takes its package from the configured mirrors, of the first repository alone', (t) => {
  const linux = ['http://one.example.org/fedora/', 'http://two.example.org'];
  const {trial, mirrors} = forRelease(fedora, '45', {linux});
  t.deepEqual(mirrors.linux, linux);
  t.deepEqual(mirrors.archive, fedora.mirrors?.archive);
  const path = 'releases/45/Everything/x86_64/os';
  t.deepEqual(trial(false)?.install, [
    [
      ...['dnf', '--assumeyes', '--repo=fedora', '--setopt=fedora.metalink='],
      `--setopt=fedora.baseurl=http://one.example.org/fedora/${path},http://two.example.org/${path}`,
      ...['install', 'tree'],
    ],
  ]);
});

test('without configured ones it takes the recipe’s own', (t) => {
  const command = forRelease(centos, '10-stream').trial(false)?.install.flat() ?? [];
  t.true(
    command.includes('--setopt=baseos.baseurl=https://mirror.stream.centos.org/10-stream/BaseOS/x86_64/os'),
  );
});

test('releases that ended long ago have none', (t) => {
  t.is(forRelease(fedora, '28').trial(false), undefined);
  t.is(forRelease(centos, '7').trial(false), undefined);
});
