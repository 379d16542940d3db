import test from 'ava';
import {execa} from 'execa';
import {folderWith} from '../folders.ts';
import {launcher, osctlTemplate} from './osctl-template.ts';

const commands = [
  ['ls'],
  ['build'],
  ['test'],
  ['deploy'],
  ['instantiate'],
  ['shell'],
  ['ct', 'exec'],
  ['ct', 'del'],
  ['ct', 'ls'],
  ['mirrors', 'check'],
  ['serve'],
  ['new'],
  ['check-recipe'],
  ['doctor'],
];

for (const command of commands) {
  test(`${command.join(' ')} --help teaches by example`, async (t) => {
    const {exitCode, stdout} = await osctlTemplate([...command, '--help']);
    t.is(exitCode, 0);
    t.true(stdout.startsWith(`Usage: osctl-template ${command.join(' ')}`), stdout);
    t.regex(stdout, /Examples:\n {2}\$ osctl-template /);
  });
}

test('the help names every command and the exit codes', async (t) => {
  const {stdout} = await osctlTemplate(['--help']);
  for (const command of commands) t.true(stdout.includes(command[0] ?? ''));
  t.regex(
    stdout,
    /0 done, 1 some template failed, 2 wrong usage or configuration, 3 this machine cannot, 130 interrupted,\n141/,
  );
});

/** Runs the command with a standard output that bash opens, and gives its exit code and standard error. */
async function writingTo(
  redirection: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) {
  const script = `${redirection}; "$@" >&3; echo $?`;
  const {stdout, stderr} = await execa('bash', ['-c', script, 'bash', launcher, ...args], {env});
  return {exitCode: Number(stdout), stderr};
}

test('a list that nobody reads any more does not end with 0', async (t) => {
  const env = {OSCTL_TEMPLATE_OUTPUT: await folderWith(t, {})};
  // a pipe whose reader has ended before the command begins
  const pipe = 'exec 3> >(exec true); wait $!';
  t.deepEqual(await writingTo(pipe, ['ls'], env), {exitCode: 141, stderr: ''});
  t.deepEqual(await writingTo(pipe, ['ls', '--json'], env), {exitCode: 141, stderr: ''});
});

test('a list that cannot be written says why', async (t) => {
  const env = {OSCTL_TEMPLATE_OUTPUT: await folderWith(t, {})};
  const {exitCode, stderr} = await writingTo('exec 3> /dev/full', ['ls'], env);
  t.is(exitCode, 3);
  t.regex(stderr, /^✘ standard output cannot be written: .*no space left on device/i);
});

test('a command that is nearly one is suggested', async (t) => {
  const {exitCode, stderr} = await osctlTemplate(['biuld', 'debian-13']);
  t.is(exitCode, 2);
  t.regex(stderr, /unknown command 'biuld'\s+\(Did you mean build\?\)/);
});

test('osctl cannot run the containers where there is none', async (t) => {
  const folder = await folderWith(t, {});
  const args = ['test', 'debian-13', '--engine', 'osctl'];
  const {exitCode, stderr} = await osctlTemplate(args, {OSCTL_TEMPLATE_OUTPUT: folder});
  t.is(exitCode, 3);
  t.regex(stderr, /this machine has no osctl/);
});

test('ls lists every Debian release with its tags and the end of its support', async (t) => {
  const folder = await folderWith(t, {});
  const {exitCode, stdout} = await osctlTemplate(['ls'], {OSCTL_TEMPLATE_OUTPUT: folder});
  t.is(exitCode, 0);
  t.regex(stdout, /^debian-13 +Debian 13 \(trixie\) +stable latest +2030-06-30 +- +not built$/m);
  t.regex(stdout, /^debian-12 +Debian 12 \(bookworm\) +oldstable +2028-06-30/m);
  t.regex(stdout, /^debian-11 +Debian 11 \(bullseye\) +- +2026-08-31/m);
  t.regex(stdout, /^debian-testing +Debian testing +testing +-/m);
  t.regex(stdout, /^debian-unstable +Debian unstable +unstable +-/m);
});

test('ls shows every template of every recipe, and marks what all leaves out', async (t) => {
  const folder = await folderWith(t, {'own.yml': 'templates: {debian-13: , debian-9: }'});
  const own = ['--config', `${folder}/own.yml`, '--output', folder];
  const {exitCode, stdout} = await osctlTemplate(['ls', ...own]);
  t.is(exitCode, 0);
  const names = new Set(stdout.split('\n').map((line) => line.split('-')[0]));
  for (const name of ['alpine', 'arch', 'centos', 'debian', 'fedora', 'gentoo', 'nixos', 'ubuntu'])
    t.true(names.has(name), name);
  t.regex(stdout, /^debian-13 .* not built$/m);
  t.regex(stdout, /^debian-12 .* not built +not listed$/m);
  t.regex(stdout, /^debian-9 .* not built +legacy$/m);
  t.regex(stdout, /^debian-8 .* not built +legacy, not listed$/m);
  const {stdout: json} = await osctlTemplate(['ls', 'debian-8', 'debian-9', '--json', ...own]);
  t.like(JSON.parse(json), [
    {name: 'debian-8', legacy: true, listed: false},
    {name: 'debian-9', legacy: true, listed: true},
  ]);
});

test('ls --json gives the same to programs', async (t) => {
  const folder = await folderWith(t, {});
  const {stdout} = await osctlTemplate(['ls', 'debian-stable', '--json'], {OSCTL_TEMPLATE_OUTPUT: folder});
  t.like(JSON.parse(stdout), [
    {name: 'debian-13', id: 'debian-13-x86_64-vpsadminos-minimal', codename: 'trixie', lastBuild: null},
  ]);
});

test('recipes of another folder are listed beside the built-in ones', async (t) => {
  const {exitCode, all} = await osctlTemplate(['ls', '--distributions', '/nonexistent/recipes']);
  t.is(exitCode, 2);
  t.regex(all, /\/nonexistent\/recipes/);
});

test('an unknown template is refused with the nearest', async (t) => {
  const {exitCode, stderr} = await osctlTemplate(['ls', 'debain-13']);
  t.is(exitCode, 2);
  t.regex(stderr, /debain-13: no such template; did you mean debian-13\?/);
});

test('a command without its argument points to its help', async (t) => {
  const {exitCode, stderr} = await osctlTemplate(['ct', 'exec']);
  t.is(exitCode, 2);
  t.regex(stderr, /missing required argument 'name'\n {2}try: `osctl-template ct exec --help`/);
});

test('a mistake in the configuration is told with its file, line and key', async (t) => {
  const folder = await folderWith(t, {'osctl-templates.yml': 'vendor: us\ntempltes:\n  debian-13:\n'});
  const file = `${folder}/osctl-templates.yml`;
  const {exitCode, stderr} = await osctlTemplate(['ls', '--config', file]);
  t.is(exitCode, 2);
  t.true(stderr.includes(`${file}:2`), stderr);
  t.regex(stderr, /templtes.*did you mean templates\?/);
});

test('a port that is none is refused', async (t) => {
  const {exitCode, stderr} = await osctlTemplate(['serve', '/', '--port', 'http']);
  t.is(exitCode, 2);
  t.regex(stderr, /--port must be a number from 0 to 65535, not http/);
});

test('without LXC every command that needs it says so, with the exit code for machines', async (t) => {
  // a PATH with nothing but the shell and Node.js
  const folder = await folderWith(t, {});
  for (const name of ['sh', 'readlink', 'dirname', 'node']) {
    const {stdout} = await execa('which', [name]);
    await execa('ln', ['-s', stdout, `${folder}/${name}`]);
  }
  for (const command of [
    ['build', 'debian-13'],
    ['deploy', 'debian-13'],
    ['instantiate', 'debian-13'],
    ['shell', 'debian-13'],
  ]) {
    const result = await execa(launcher, command, {reject: false, env: {PATH: folder}, extendEnv: false});
    t.is(result.exitCode, 3, result.stderr);
    t.regex(result.stderr, /this machine cannot run containers/);
    t.regex(result.stderr, /✘ .*lxc/i);
    t.regex(result.stderr, /npm run setup/);
  }
});

test('a word that is no command is told as such, whatever follows it', async (t) => {
  for (const argv of [['nosuch'], ['nosuch', '--help'], ['help', 'nosuch'], ['help', 'nosuch', 'exec']]) {
    const {exitCode, stderr} = await osctlTemplate(argv);
    t.is(exitCode, 2, argv.join(' '));
    t.regex(stderr, /unknown command 'nosuch'/);
  }
});

test('help of a command’s command is that one’s', async (t) => {
  const {exitCode, stdout} = await osctlTemplate(['help', 'ct', 'exec']);
  t.is(exitCode, 0);
  t.regex(stdout, /^Usage: osctl-template ct exec /);
});

test('a current folder that has been removed is told as one', async (t) => {
  const folder = await folderWith(t, {});
  const script = 'mkdir "$1/gone" && cd "$1/gone" && rmdir "$1/gone" && exec "$0" ls';
  const {exitCode, stderr} = await execa('sh', ['-c', script, launcher, folder], {reject: false});
  t.is(exitCode, 2);
  t.regex(stderr, /osctl-template: the current folder has been removed\n {2}Run: /);
});

test('flags that a command has no use for are refused', async (t) => {
  for (const words of [
    ['shell', 'debian-13', '--json'],
    ['shell', 'debian-13', '--jobs', '2'],
    ['ct', 'exec', '--json', 'debian-13-000000'],
    ['instantiate', 'debian-13', '--jobs', '2'],
    ['mirrors', 'check', '--jobs', '2'],
  ]) {
    const {exitCode, stderr} = await osctlTemplate(words);
    t.is(exitCode, 2, words.join(' '));
    t.regex(stderr, /unknown option '--(json|jobs)'/);
  }
});
