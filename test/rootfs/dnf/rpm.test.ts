import test from 'ava';
import {parseRepositories, rpmPackages} from '../../../src/rootfs/dnf/rpm.ts';
import {treeWith} from '../../fixtures/tree-with.ts';

test('packages have their epoch where there is one; keys are no packages', async (t) => {
  const output = [
    'bash\t0\t5.3.0-2.fc45\tx86_64',
    'NetworkManager\t1\t1.54.0-2.fc45\tx86_64',
    'gpg-pubkey\t0\tf577861e-6888\t(none)',
    '',
  ].join('\n');
  t.deepEqual(await rpmPackages({...treeWith({}), run: async () => output}), [
    {name: 'bash', version: '5.3.0-2.fc45', arch: 'x86_64'},
    {name: 'NetworkManager', version: '1:1.54.0-2.fc45', arch: 'x86_64'},
  ]);
});

test('enabled repositories are told by id and place, whatever kind of place it is', (t) => {
  const text = `# the first
[fedora]
name=Fedora $releasever
#baseurl=http://example.org/
metalink=https://example.org/metalink?repo=fedora-$releasever&arch=$basearch
enabled=1

[source]
baseurl=https://example.org/source
enabled=0
[vault]
mirrorlist = https://example.org/list
`;
  t.deepEqual(parseRepositories(text), [
    'fedora https://example.org/metalink?repo=fedora-$releasever&arch=$basearch',
    'vault https://example.org/list',
  ]);
});
