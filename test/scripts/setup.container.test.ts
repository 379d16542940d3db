import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';

const root = join(import.meta.dirname, '../..');
const setup = join(root, 'scripts/setup');

/** Runs a script as root of a machine whose /etc may be changed at will: an overlay in a mount namespace of its own. */
async function inChangedEtc(script: string) {
  return await execa(
    'unshare',
    [
      '--mount',
      '--propagation',
      'private',
      'sh',
      '-e',
      '-c',
      `mount -t tmpfs tmpfs /mnt
       mkdir /mnt/upper /mnt/work
       mount -t overlay -o lowerdir=/etc,upperdir=/mnt/upper,workdir=/mnt/work overlay /etc
       ${script}`,
      'sh',
      setup,
    ],
    {reject: false, env: {LC_ALL: 'C'}},
  );
}

test('a machine that is set up is left alone', async (t) => {
  const {stdout} = await execa(setup);
  t.is(stdout, 'setup: nothing to do');
});

test('root gets free ids, once', async (t) => {
  const {stdout} = await inChangedEtc(`
    echo lxd:1000000:65536 >/etc/subuid
    : >/etc/subgid
    "$1"
    cat /etc/subuid /etc/subgid
    "$1"`);
  t.deepEqual(stdout.split('\n'), [
    'setup: gives root the subordinate user ids 1114112-1638399',
    'setup: gives root the subordinate group ids 1114112-1638399',
    'lxd:1000000:65536',
    'root:1114112:524288',
    'root:1114112:524288',
    'setup: nothing to do',
  ]);
});

test("a real user's id is not given to containers", async (t) => {
  const {stdout} = await inChangedEtc(`
    : >/etc/subuid
    : >/etc/subgid
    echo alice:x:1200000:1200000::/home/alice:/bin/sh >>/etc/passwd
    "$1"`);
  t.regex(stdout, /^setup: gives root the subordinate user ids 1245184-1769471$/m);
});

test('without root it says what needs root', async (t) => {
  const {exitCode, stderr} = await inChangedEtc(`
    : >/etc/subuid
    chmod 644 /etc/subuid
    exec setpriv --reuid=65534 --clear-groups "$1"`);
  t.is(exitCode, 3);
  t.is(
    stderr,
    'setup: root is needed to add 524288 subordinate ids for containers\n  Run: sudo scripts/setup',
  );
});

test('without root on a machine that is set up there is nothing to do either', async (t) => {
  const {stdout} = await execa('setpriv', ['--reuid=65534', '--clear-groups', setup]);
  t.is(stdout, 'setup: nothing to do');
});

test('another distribution is told what to install', async (t) => {
  const {exitCode, stderr} = await inChangedEtc(`
    rm /etc/os-release
    echo ID=fedora >/etc/os-release
    mkdir /mnt/bin
    for name in dirname node npm id usermod awk; do ln -s "$(command -v "$name")" /mnt/bin; done
    PATH=/mnt/bin exec "$1"`);
  t.is(exitCode, 3);
  t.regex(stderr, /^setup: missing: lxc-start lxc-usernsexec newuidmap/);
  t.regex(stderr, /Run: dnf install lxc/);
});
