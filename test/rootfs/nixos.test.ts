import test from 'ava';
import {nameAndVersion} from '../../src/rootfs/nixos.ts';
import {signedName, sourceArchive} from '../../src/rootfs/nixos-channel.ts';

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
