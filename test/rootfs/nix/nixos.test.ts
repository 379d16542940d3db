import test from 'ava';
import {signedName, sourceArchive} from '../../../src/rootfs/nix/channel.ts';
import {cacheKeys} from '../../../src/rootfs/nix/nix.ts';
import {nameAndVersion, nixTrial} from '../../../src/rootfs/nix/nixos.ts';

test('a derivation’s version begins at a dash before a digit', (t) => {
  t.deepEqual(nameAndVersion('openssh-10.0p2'), {name: 'openssh', version: '10.0p2'});
  t.deepEqual(nameAndVersion('bash-interactive-5.3p3'), {name: 'bash-interactive', version: '5.3p3'});
  t.deepEqual(nameAndVersion('unit-sshd.service'), {name: 'unit-sshd.service', version: ''});
});

test('a stable channel is one of its release, any other one a channel', (t) => {
  t.is(signedName('nixos-26.05'), 'nixos-channel-26.05');
  t.is(signedName('nixos-26.05-small'), 'nixos-channel-26.05');
  t.is(signedName('nixos-unstable'), 'nixos-channel-');
});

const store = '/nix/store/qp4hjd8znl50b0gdlfvmqgbqpaiwqapm-nixos-channel-26.05.1.a';

test('Hydra’s description of a build names the archive among its products', (t) => {
  const path = `${store}/tarballs/nixos-26.05.1.a.tar.xz`;
  t.is(sourceArchive(JSON.stringify({buildproducts: {1: {path: '/x.txt'}, 2: {path}}})), path);
});

test('what is no such description has none, and no path leads elsewhere', (t) => {
  for (const answer of [
    '<html>',
    'null',
    '[]',
    '{"buildproducts": null}',
    '{"buildproducts": {"1": {"path": 5}}}',
    `{"buildproducts": {"1": {"path": "${store}/../../../etc/x.tar.xz"}}}`,
    `{"buildproducts": {"1": {"path": "${store}/$(id).tar.xz"}}}`,
  ])
    t.is(sourceArchive(answer), undefined, answer);
});

test('a key’s file has one of them a line', (t) => {
  const key = (name: string) => `${name}-1:${Buffer.alloc(32).toString('base64')}`;
  const content = Buffer.from(`${key('a.example.org')}\n${key('b.example.org')}\n`);
  t.deepEqual(cacheKeys([{name: 'cache.pub', content}]), [key('a.example.org'), key('b.example.org')]);
});

test('the trial asks the build’s binary caches, and builds no package itself', (t) => {
  const release = {version: '26.05', codename: 'yarara', cgroups: 'v2'} as const;
  const cache = ['http://one.example.org/cache/', 'http://two.example.org'];
  const {install, remove, brings} = nixTrial('tree', 'tree', {
    release,
    acceptExpired: false,
    mirrors: {cache},
  });
  const [[shell, , script = '', ...words] = []] = install;
  t.is(shell, 'sh');
  t.regex(script, /--max-jobs 0/);
  t.deepEqual(words, [
    ...['tree', '--option', 'substituters', 'http://one.example.org/cache http://two.example.org'],
  ]);
  t.deepEqual(remove, ['nix-env', '--uninstall', 'tree']);
  t.is(brings, '/root/.nix-profile/bin/tree');
});
