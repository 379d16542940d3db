import test from 'ava';
import {deb822, parseSources} from '../../src/rootfs/apt.ts';

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
