import {readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import test, {type ExecutionContext} from 'ava';
import {buildFiles, readBuild} from '../../src/image/manifest.ts';
import {timeOf} from '../../src/recipe/serial.ts';
import arch from '../../stand-ins/arch/index.ts';
import type {Misbehaviour} from '../../stand-ins/shared/serve.ts';
import {builtAndPassing} from '../fixtures/booted.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';
import {gives, halves, replaces} from '../fixtures/misbehaviour.ts';
import {sourceLines} from '../fixtures/sources.ts';

/** The whole way from Arch's stand-in mirror; the tests of this file go one after another. */
const run = await openMirrorRun(arch);
test.after.always(() => run[Symbol.asyncDispose]());

test.serial('it is built, boots and passes', async (t) => {
  await builtAndPassing(t, run, ['arch-rolling'], ['capabilities', 'own-configuration']);
});

test.serial('the manifest says what is in it and where it is from', async (t) => {
  const {id, packages, sources} = await run.manifest('arch-');
  t.regex(id, /^arch-\d{8}-x86_64-vpsadminos-minimal$/);
  for (const name of ['base', 'systemd', 'openssh', 'inetutils', 'iproute2', 'pacman', 'vim', 'squashfuse'])
    t.true(
      packages.some((each) => each.name === name && each.arch === 'x86_64'),
      name,
    );
  t.deepEqual(
    sourceLines(sources),
    ['core', 'extra'].map((name) => `${name} ${run.server.url}/${name}/os/x86_64`),
  );
});

test.serial('the same packages at the same time are the same bytes', async (t) => {
  const {serial, files} = await run.manifest('arch-');
  process.env.SOURCE_DATE_EPOCH = String(timeOf(serial).getTime() / 1000);
  t.teardown(() => delete process.env.SOURCE_DATE_EPOCH);
  const {exitCode, all} = await run.command('build', 'arch');
  t.is(exitCode, 0, all);
  const builds = join(run.output, 'builds');
  const id = (await readdir(builds)).find((each) => each.startsWith('arch-')) ?? 'none';
  const [again = ''] = await readdir(join(builds, id));
  t.not(again, serial);
  const {manifest} = await readBuild(join(builds, id, again));
  t.deepEqual(manifest.files[buildFiles.rootfs], files[buildFiles.rootfs]);
});

test.serial('in a container pacman installs what its own keyring, made on first boot, trusts', async (t) => {
  const made = await run.command('instantiate', 'arch', '--json');
  t.is(made.exitCode, 0, made.all);
  const {name} = JSON.parse(made.stdout) as {name: string};
  t.teardown(() => run.command('ct', 'del', name));
  const inside = (script: string) => run.command('ct', 'exec', name, 'sh', '-c', script);
  const waited = await inside('systemctl is-system-running --wait');
  t.is(waited.stdout, 'running');
  const secrets = await inside('ls /etc/pacman.d/gnupg/private-keys-v1.d');
  t.is(secrets.stdout.split('\n').length, 1, secrets.all);
  const keys = await inside('pacman-key --list-keys newcomer@example.org');
  t.regex(keys.stdout, /\[ +full +\] Stand-in <newcomer@example\.org>/);

  // without a network a package comes in by the command's arguments
  const folder = join(run.mirror.folder, 'core/os/x86_64');
  const names = (await readdir(folder)).filter((each) => each.startsWith('systemd-sysvcompat-'));
  const install = async (signature: Promise<Buffer>) => {
    for (const file of names) {
      const content = file.endsWith('.sig') ? await signature : await readFile(join(folder, file));
      await inside(`echo ${content.toString('base64')} | base64 -d > /root/${file}`);
    }
    return inside('pacman --upgrade --noconfirm /root/*.zst');
  };
  const right = names.find((each) => each.endsWith('.sig')) ?? 'none';
  const wrong = await install(readFile(join(run.mirror.folder, 'stranger.sig')));
  t.not(wrong.exitCode, 0);
  t.regex(wrong.all, /required key missing from keyring/);
  const installed = await install(readFile(join(folder, right)));
  t.is(installed.exitCode, 0, installed.all);
  t.regex(installed.all, /reinstalling systemd-sysvcompat/);
});

/** What the build says when the mirror misbehaves; nothing of it may become a template. */
async function refusal(t: ExecutionContext, misbehave: Misbehaviour): Promise<string> {
  await using refused = await openMirrorRun(arch, {misbehave});
  const {exitCode, stdout, all} = await refused.command('build', 'arch');
  t.is(exitCode, 1, all);
  const ids = await readdir(join(refused.output, 'builds'));
  t.deepEqual(
    ids.filter((id) => id.startsWith('arch')),
    [],
  );
  return stdout;
}

test.serial('a package that a stranger signed is refused', async (t) => {
  const signature = await readFile(join(run.mirror.folder, 'stranger.sig'));
  const said = await refusal(
    t,
    gives(/\/vim-.*\.sig$/, () => signature),
  );
  t.regex(said, /bootstrap, pacman: a package is not signed by the distribution’s key$/m);
});

test.serial('so is one without a signature', async (t) => {
  const said = await refusal(
    t,
    gives(/\/vim-.*\.sig$/, () => Buffer.alloc(0)),
  );
  t.regex(said, /bootstrap, pacman: a package has no signature that can be read$/m);
});

test.serial('a package that was replaced by another of the same size is refused', async (t) => {
  const said = await refusal(t, replaces(/\/inetutils-.*\.zst$/));
  t.regex(said, /bootstrap, pacman: a package does not match its signature: truncated or replaced$/m);
});

test.serial('half a package is refused, half a database too', async (t) => {
  t.regex(
    await refusal(t, halves(/\/vim-.*\.zst$/)),
    /bootstrap, pacman: a package does not match the checksum/,
  );
  t.regex(await refusal(t, halves(/\/core\.db$/)), /bootstrap, pacman: a download is not complete/);
});

test.serial('so is a keyring that was replaced, before any of its keys is trusted', async (t) => {
  const said = await refusal(t, replaces(/\/archlinux-keyring-.*\.zst$/));
  t.regex(said, /bootstrap, pacman: a package does not match its signature/);
});
