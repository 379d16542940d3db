import test from 'ava';
import {forRelease} from '../../../src/recipe/distribution.ts';
import {deb822, parseSources} from '../../../src/rootfs/apt/apt.ts';
import {recipeOf} from '../../fixtures/refused-build.ts';

const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

test('suites of one place become one source, as mmdebstrap leaves them', (t) => {
  const lines = `deb http://deb.example.org/debian trixie main
deb http://deb.example.org/debian trixie-updates main
deb http://deb.example.org/debian-security trixie-security main
`;
  t.is(
    deb822(parseSources(lines), keyring),
    `Types: deb
URIs: http://deb.example.org/debian
Suites: trixie trixie-updates
Components: main
Signed-By: ${keyring}

Types: deb
URIs: http://deb.example.org/debian-security
Suites: trixie-security
Components: main
Signed-By: ${keyring}
`,
  );
});

test('options, several components, and odd spaces', (t) => {
  const lines = '  deb  [arch=amd64 signed-by=/k.gpg]\thttp://m.example.org/d  sid   main contrib  \n';
  t.deepEqual(parseSources(lines), [
    {uri: 'http://m.example.org/d', suites: ['sid'], components: ['main', 'contrib']},
  ]);
});

test('comments, source packages and empty lines are no sources', (t) => {
  t.deepEqual(
    parseSources('# deb http://m.example.org/d sid main\ndeb-src http://m.example.org/d sid main\n\n'),
    [],
  );
  t.is(deb822([], keyring), '');
});

test('places with different components stay apart', (t) => {
  const lines = 'deb http://m.example.org/d sid main\ndeb http://m.example.org/d sid-extra main contrib\n';
  t.is(parseSources(lines).length, 2);
});

test('a member of Debian 8 or 9 updates with a gpgv that asks when the archive was signed', async (t) => {
  const debian = await recipeOf('debian');
  const gpgv = '/usr/lib/vpsadminos/gpgv-when-signed';
  const updateOf = (version: string, acceptExpired: boolean) =>
    forRelease(debian, version).trial(acceptExpired)?.install[0];
  t.deepEqual(updateOf('9', false), [
    'apt-get',
    `--option=Dir::Bin::gpg=${gpgv}`,
    `--option=Apt::Key::gpgvcommand=${gpgv}`,
    'update',
  ]);
  t.deepEqual(updateOf('13', false), ['apt-get', 'update']);
  t.deepEqual(updateOf('13', true), ['apt-get', '--option=Acquire::Check-Valid-Until=false', 'update']);
});
