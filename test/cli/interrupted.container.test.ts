import {once} from 'node:events';
import {readdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import test from 'ava';
import {execa} from 'execa';
import {listResidents} from '../../src/container/resident.ts';
import {commandOutput} from '../fixtures/command-output.ts';
import {residue, untilNothing} from '../fixtures/residue.ts';
import {launcher, osctlTemplate} from './osctl-template.ts';

/** Starts builds, and tells when two are at work in their containers. */
function startBuilds(output: string) {
  const child = execa(launcher, ['build', 'debian-12', 'debian-13', 'debian-testing', '--jobs', '2'], {
    reject: false,
    stdin: 'ignore',
    env: {OSCTL_TEMPLATE_OUTPUT: output, CI: 'true'},
  });
  let seen = '';
  child.stdout.on('data', (chunk: Buffer) => {
    seen += chunk.toString();
  });
  const shows = async (text: RegExp) => {
    while (!text.test(seen)) await once(child.stdout, 'data');
  };
  return {child, shows, atWork: shows(/bootstrap: mmdebstrap.*bootstrap: mmdebstrap/s)};
}

const leftIn = (output: string) => () => readdir(join(output, 'containers'));

test.serial('Ctrl-C stops what runs, starts nothing else, and exits with 130', async (t) => {
  await using output = await commandOutput();
  const {child, atWork} = startBuilds(output.path);
  await atWork;
  child.kill('SIGINT');
  const {exitCode, stdout} = await child;
  t.is(exitCode, 130);
  t.regex(stdout, /! debian-12 +interrupted/);
  t.regex(stdout, /! debian-testing +not started/);
  t.deepEqual(await leftIn(output.path)(), []);
  t.deepEqual(await builds(output.path), []);
});

test.serial('a run that nobody reads any more stops in order, and does not end with 0', async (t) => {
  await using output = await commandOutput();
  const script = '"$@" 2>&1 | head -n 3; echo $PIPESTATUS';
  for (const flags of [[], ['--json']]) {
    const build = [launcher, 'build', 'debian-13', ...flags];
    const {stdout} = await execa('bash', ['-c', script, 'bash', ...build], {
      env: {OSCTL_TEMPLATE_OUTPUT: output.path, CI: 'true'},
    });
    const lines = stdout.split('\n');
    t.is(lines.length, 4);
    t.is(lines.at(-1), '141');
    t.deepEqual(await leftIn(output.path)(), []);
    t.deepEqual(await builds(output.path), []);
  }
});

test.serial('a build whose lock is removed fails, and the others go on', async (t) => {
  await using output = await commandOutput();
  const {child, atWork, shows} = startBuilds(output.path);
  await atWork;
  const path = join(output.path, 'builds', '.debian-12-x86_64-vpsadminos-minimal.lock');
  await rm(path);
  await shows(/debian-12 failed/);
  child.kill('SIGINT');
  const {stdout} = await child;
  t.true(stdout.includes(`the lock ${path} was removed while it was held`), stdout);
  t.regex(stdout, /✘ debian-12 +failed/);
  t.regex(stdout, /! debian-13 +interrupted/);
});

test.serial('nothing runs or is left when the command is killed', async (t) => {
  await using output = await commandOutput();
  const {child, atWork} = startBuilds(output.path);
  await atWork;
  const names = await leftIn(output.path)();
  t.is(names.length, 2);
  child.kill('SIGKILL');
  await child;
  t.deepEqual(await untilNothing(leftIn(output.path)), []);
  for (const name of names) {
    t.deepEqual(await untilNothing(() => residue(name, join(output.path, 'containers'))), []);
  }
  t.deepEqual(await builds(output.path), []);
});

test.serial('what is left when everything was killed goes with `ct del`', async (t) => {
  await using output = await commandOutput();
  const env = {OSCTL_TEMPLATE_OUTPUT: output.path};
  const {child, atWork} = startBuilds(output.path);
  await atWork;
  const residents = await listResidents(join(output.path, 'containers'));
  for (const {holder} of residents) process.kill(holder, 'SIGKILL');
  child.kill('SIGKILL');
  await child;
  const {stdout} = await osctlTemplate(['ct', 'ls'], env);
  for (const {name} of residents) t.regex(stdout, new RegExp(`^${name} .* left over`, 'm'));
  t.is((await osctlTemplate(['ct', 'del'], env)).exitCode, 0);
  for (const {name} of residents) {
    t.deepEqual(await untilNothing(() => residue(name, join(output.path, 'containers'))), []);
  }
});

/** The templates that have a build, finished or not. */
async function builds(output: string): Promise<string[]> {
  const names = await readdir(join(output, 'builds'), {recursive: true});
  return names.filter((name) => !name.endsWith('.lock'));
}
