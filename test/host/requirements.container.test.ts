import {symlink} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {checkMachine} from '../../src/host/requirements.ts';
import {temporaryFolder} from './temporary.ts';

const requirements = join(import.meta.dirname, '../../src/host/requirements.ts');
const script = `
  const {requireMachine} = await import(${JSON.stringify(requirements)});
  await requireMachine().catch(({exitCode, message}) => console.log(exitCode, message));`;
const check = [process.execPath, '--input-type=module', '--eval', script];

test('this machine can run containers', async (t) => {
  const obstacles = (await checkMachine()).filter(({ok, required}) => required && !ok);
  t.deepEqual(obstacles, []);
});

test('another user is told to use sudo, and nothing else', async (t) => {
  const {stdout} = await execa('setpriv', ['--reuid=65534', '--clear-groups', ...check]);
  t.regex(
    stdout,
    /^3 this machine cannot run containers:\n✘ root: no, this is user 65534\n {4}Run it with sudo/,
  );
  t.is(stdout.split('✘').length, 2);
});

test('a PATH without LXC', async (t) => {
  const folder = await temporaryFolder(t, '/var/tmp'); // the probes mount over /tmp
  const others =
    'newuidmap newgidmap mmdebstrap gpg flock nsenter unshare setpriv mount ip tar sh chown mkdir rmdir stat';
  for (const name of others.split(' ')) {
    const {stdout} = await execa('sh', ['-c', 'command -v "$1"', 'sh', name]);
    await symlink(stdout, join(folder, name));
  }
  const [node = '', ...args] = check;
  const {stdout} = await execa(node, args, {env: {PATH: folder}});
  t.regex(stdout, /^✘ lxc: no lxc-start, lxc-attach, lxc-stop, lxc-usernsexec$/m);
  t.is(stdout.split('✘').length, 2);
});

test('root without the right to make namespaces', async (t) => {
  const {stdout} = await execa('setpriv', ['--bounding-set=-sys_admin', '--inh-caps=-sys_admin', ...check]);
  for (const name of ['overlay', 'cgroups', 'network']) {
    t.regex(stdout, new RegExp(`^✘ ${name}: .*not permitted$`, 'm'));
  }
  t.regex(stdout, /CAP_SYS_ADMIN/);
});

test('an output folder on a file system that is really mounted noexec', async (t) => {
  const folder = await temporaryFolder(t, '/var/tmp');
  const {stdout} = await execa('unshare', [
    ...['--mount', '--propagation', 'private', 'sh', '-e', '-c'],
    'mount -t tmpfs -o noexec tmpfs "$0"; mkdir "$0/on it"; exec "$@"',
    folder,
    ...[process.execPath, '--input-type=module', '--eval'],
    script.replace(
      'requireMachine()',
      `requireMachine({output: ${JSON.stringify(`${folder}/on it/new/output`)}})`,
    ),
  ]);
  t.is(
    stdout,
    `3 this machine cannot run containers:
✘ output: ${folder}/on it/new/output is on ${folder}, which is mounted noexec
    Name a folder on another file system with --output, or run: mount -o remount,exec ${folder}`,
  );
});

test('user namespaces turned off in the kernel', async (t) => {
  const {stdout} = await execa('unshare', [
    '--user',
    '--map-root-user',
    'sh',
    '-c',
    'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"',
    'sh',
    ...check,
  ]);
  t.regex(stdout, /^✘ user namespaces: turned off/m);
});
