import test from 'ava';
import {forRelease} from '../../../src/recipe/distribution.ts';
import {recipeOf} from '../../fixtures/refused-build.ts';

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

test('of releases that ended long ago it is in a repository of its own, with the template’s keys', (t) => {
  const [write = [], install] =
    forRelease(fedora, '27', {archive: ['http://one.example.org/']}).trial(false)?.install ?? [];
  t.is(write[3], '/etc/yum.repos.d/trial.repo');
  const [, , , , repository = ''] = write;
  t.regex(repository, /^baseurl=http:\/\/one\.example\.org\/releases\/27\/Everything\/x86_64\/os$/m);
  t.regex(repository, /^gpgcheck=1$/m);
  t.regex(repository, /^gpgkey=file:\/\/\/etc\/pki\/rpm-gpg\/RPM-GPG-KEY-fedora-27-x86_64$/m);
  t.deepEqual(install, ['dnf', '-y', '--disablerepo=*', '--enablerepo=trial', 'install', 'tree']);
  const seven = forRelease(centos, '7').trial(false);
  t.regex(seven?.install[0]?.[4] ?? '', /^baseurl=http:\/\/vault\.centos\.org\/7\.9\.2009\/os\/x86_64$/m);
  t.deepEqual(seven?.remove, ['yum', '-y', '--disablerepo=*', '--enablerepo=trial', 'remove', 'tree']);
});
