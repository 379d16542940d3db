import {Readable} from 'node:stream';
import anyTest, {type TestFn} from 'ava';
import {lxcEngine} from '../../src/container/enclosure.ts';
import type {Enclosure} from '../../src/container/engine.ts';
import {inEnclosure} from '../../src/container/namespaces.ts';
import {Failure} from '../../src/failure.ts';
import {tarCommand} from '../../src/image/rootfs-tarball.ts';
import {integration} from '../../src/osctl/integrate.ts';
import {inspect} from '../../src/pipeline/inspect/inspect.ts';
import {sealing} from '../../src/pipeline/seal.ts';
import {openWorkshop, type Workshop} from '../../src/pipeline/workshop.ts';
import {forRelease} from '../../src/recipe/distribution.ts';
import type {Step, StepContext} from '../../src/recipe/step.ts';
import {layersOf} from '../fixtures/builders.ts';
import {testOutput} from '../fixtures/output.ts';
import {tinyBootstrap, tinyDistribution, tinyRequest, workbench} from '../fixtures/tiny.ts';

interface Sealed {
  readonly enclosure: Enclosure;
  readonly workshop: Workshop;
  readonly run: (step: Step) => Promise<void>;
}

const test = anyTest as TestFn<Sealed>;
const tiny = tinyDistribution({seal: {remove: ['/var/cache/tiny/*']}});
const distribution = forRelease(tiny, '1');

/** One sealed tree for all tests of the file: each puts something into it and takes it out again. */
test.before(async (t) => {
  const {containers} = await testOutput();
  const enclosure = await lxcEngine(containers).open({
    title: 'inspection',
    purpose: 'test',
    scratch: {medium: 'disk'},
    network: 'host',
  });
  const workshop = await openWorkshop(enclosure, {
    layers: await layersOf(workbench),
    epoch: 1_763_900_000,
    limits: {},
    log: () => undefined,
    signal: () => undefined,
  });
  const {recipe, template, serial} = tinyRequest(tiny);
  const context: StepContext = {
    release: distribution.release,
    template,
    serial,
    epoch: 1_763_900_000,
    container: workshop.container,
    sources: {},
    keys: [],
    acceptExpired: true,
    folder: recipe.folder,
    progress: () => undefined,
    log: () => undefined,
  };
  const run = (step: Step) => step.run(workshop.rootfs, context);
  t.context = {enclosure, workshop, run};
  await run(tinyBootstrap);
  await workshop.container.run(['sh', '-c', left, workshop.container.tree]);
  for (const step of [...integration(distribution.osctl), ...sealing(distribution)]) await run(step);
});

test.after.always(async (t) => {
  await t.context.enclosure?.[Symbol.asyncDispose]();
});

/** What a distribution's packages leave, and sealing has to remove. */
const left = `cd "$0"
mkdir -p etc/ssh var/cache/tiny var/cache/ldconfig var/lib/dbus var/lib/systemd var/log/apt run/lock tmp/.X11-unix
for file in etc/ssh/ssh_host_rsa_key etc/hostname etc/.pwd.lock etc/passwd- var/cache/tiny/lists var/log/apt/term.log \\
  var/cache/ldconfig/aux-cache var/lib/systemd/random-seed root/.bash_history tmp/x var/tmp/.hidden usr/sbin/policy-rc.d
do mkdir -p "\${file%/*}" && echo x > "$file"; done
echo c0ffee > etc/machine-id
ln -sf ../run/systemd/resolve/stub-resolv.conf etc/resolv.conf
ln -sf /etc/machine-id var/lib/dbus/machine-id
sed -i 's#^root:[^:]*:#root:$y$j9T$salt$hash:#' etc/shadow
`;

/** Packs and inspects the tree: undefined when it may become a template, else what is said against it. */
async function complaint(
  {workshop: {container}}: Sealed,
  strangers: readonly string[] = [],
): Promise<string | undefined> {
  const tar = tarCommand(container.tree, '-', 1_763_900_000);
  const script = 'set -o pipefail; "$@" | base64 --wrap=0';
  const packed = await container.run(['bash', '-c', script, 'bash', ...tar], {quiet: true});
  try {
    await inspect(Readable.from([Buffer.from(packed, 'base64')]), {
      removed: distribution.seal?.remove ?? [],
      words: [{word: container.tree, says: 'has the path of the build in it'}],
      strangers,
      log: () => undefined,
    });
    return undefined;
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
}

test.serial('what packages leave is sealed away, and the inspection agrees', async (t) => {
  t.is(await complaint(t.context), undefined);
});

const asNested = 'setpriv --reuid=1000 --regid=1000 --clear-groups unshare --user --map-root-user';
const leftovers: readonly (readonly [what: string, plant: string, remove: string, found: string])[] = [
  [
    'a host key',
    'echo > etc/ssh/ssh_host_ed25519_key',
    'rm etc/ssh/ssh_host_*',
    '/etc/ssh/ssh_host_ed25519_key is left',
  ],
  ['a machine id', 'echo c0ffee > etc/machine-id', ': > etc/machine-id', '/etc/machine-id must be an empty'],
  ['a hostname', 'echo build > etc/hostname', 'rm etc/hostname', '/etc/hostname is left over'],
  [
    'a resolver that is a link',
    'rm etc/resolv.conf; ln -s /run/resolv.conf etc/resolv.conf',
    'rm etc/resolv.conf; : > etc/resolv.conf',
    '/etc/resolv.conf must be an empty',
  ],
  [
    'an account without a password',
    "echo 'guest::20000:0:99999:7:::' >> etc/shadow",
    "sed -i '/^guest/d' etc/shadow",
    '/etc/shadow (guest) has a password, or none is needed',
  ],
  [
    'package lists',
    'echo > var/cache/tiny/lists',
    'rm var/cache/tiny/lists',
    '/var/cache/tiny/lists is left over',
  ],
  [
    'a link to the build',
    'ln -s "$PWD/usr/bin/env" usr/local-env',
    'rm usr/local-env',
    '/usr/local-env has the path of the build in it',
  ],
  [
    'an attribute with the path of the build',
    'echo > etc/noted; setfattr -n user.origin -v "$PWD" etc/noted',
    'rm etc/noted',
    '/etc/noted has the path of the build in it',
  ],
  [
    'a private key of whatever program',
    'mkdir etc/wonder; printf -- "-----BEGIN OPENSSH %s KEY-----\\n" PRIVATE > etc/wonder/id',
    'rm -r etc/wonder',
    '/etc/wonder/id has a private key, which all containers would share',
  ],
  ['a log', 'echo > var/log/dpkg.log', 'rm var/log/dpkg.log', '/var/log/dpkg.log has a log of the build'],
  [
    'policy-rc.d',
    'echo > usr/sbin/policy-rc.d',
    'rm usr/sbin/policy-rc.d',
    '/usr/sbin/policy-rc.d is left over',
  ],
  ['a hidden temporary file', 'echo > tmp/.x', 'rm tmp/.x', '/tmp/.x is left over'],
  ['a name with a newline', "echo > 'var/tmp/a\nb'", 'rm var/tmp/*', '/var/tmp/a\nb is left over'],
  [
    'the path of the build',
    'pwd > etc/built-in',
    'rm etc/built-in',
    '/etc/built-in has the path of the build in it',
  ],
  [
    'a capability of a nested user namespace',
    `cp usr/bin/cat usr/bin/nested; chown 1000:1000 usr/bin/nested; ${asNested} \
     setfattr -n security.capability -v 0x0100000200200000000000000000000000000000 "$PWD/usr/bin/nested"`,
    'rm usr/bin/nested',
    '/usr/bin/nested has file capabilities that are bound to one user namespace (version 3)',
  ],
];

for (const [what, plant, remove, found] of leftovers) {
  test.serial(`${what} is found, and its path named`, async (t) => {
    const {container} = t.context.workshop;
    const inTree = (script: string) =>
      container.run(['sh', '-c', `set -e; cd "$0"; ${script}`, container.tree]);
    await inTree(plant);
    const said = await complaint(t.context);
    await inTree(remove);
    t.true(said?.includes(`\n  ${found}`), said);
    t.is(said?.match(/\n {2}\//g)?.length, 1, said);
    t.is(await complaint(t.context), undefined);
  });
}

test.serial('a device node, which only the host can make, is found', async (t) => {
  const {enclosure} = t.context;
  const tree = `${inEnclosure.scratch}/build/tree`;
  await enclosure.run(['mknod', `${tree}/usr/zero`, 'c', '1', '5']);
  const said = await complaint(t.context);
  await enclosure.run(['rm', `${tree}/usr/zero`]);
  t.true(said?.includes('\n  /usr/zero is a device node'), said);
});

test.serial('no path of a hostile tree leads out of it', async (t) => {
  const {rootfs, container} = t.context.workshop;
  const outside = (script: string) => container.run(['sh', '-c', script]);
  await outside('mkdir -p /target/deep && echo outside > /target/file && echo outside > /target/deep/file');
  const up = '../'.repeat(12);
  const links = {
    absolute: '/target',
    relative: `${up}target`,
    root: '/',
    parent: up,
    proc: '/proc/1/root/target',
  };
  for (const [name, target] of Object.entries(links)) await rootfs.write([{path: `/evil-${name}`, target}]);
  for (const path of Object.keys(links).map((name) => `/evil-${name}`)) {
    for (const file of [`${path}/file`, `${path}/target/file`]) {
      t.is(await rootfs.read(file), undefined, file);
      await rootfs.write([{path: file, content: 'inside'}]).catch(() => undefined);
      await rootfs.remove(file, `${path}/deep/*`, `${path}/deep`);
    }
  }
  await rootfs.write([{path: '/etc/evil.conf', target: `${up}target/file`}]);
  await rootfs.write([{path: '/etc/evil.conf', content: 'inside'}]);
  t.is(await rootfs.read('/etc/evil.conf'), 'inside');
  t.is(await outside('cat /target/file /target/deep/file'), 'outside\noutside');
  t.is(
    await outside('find /target | sort | tr "\\n" " "'),
    '/target /target/deep /target/deep/file /target/file ',
  );
  await container.run([
    'sh',
    '-c',
    'cd "$0" && rm -rf evil-* etc/evil.conf target file deep',
    container.tree,
  ]);
  t.is(await complaint(t.context), undefined);
});

test.serial('a pipe in a file’s place is refused, not waited for', async (t) => {
  const {workshop, run} = t.context;
  const inTree = (script: string) =>
    workshop.container.run(['sh', '-c', `set -e; cd "$0"; ${script}`, workshop.container.tree]);
  await inTree('mv etc/shadow etc/kept && mkfifo etc/shadow');
  const [lock] = sealing(distribution);
  await t.throwsAsync(async () => lock && run(lock), {message: /failed with exit code 1/});
  await t.throwsAsync(workshop.rootfs.read('/etc/shadow'), {message: /it is no plain file$/});
  await inTree('rm etc/shadow && mv etc/kept etc/shadow');
  t.is(await complaint(t.context), undefined);
});

test.serial('what only this machine can tell of owners is told by the packing container', async (t) => {
  const {enclosure, workshop} = t.context;
  const tree = `${inEnclosure.scratch}/build/tree`;
  await workshop.container.run([
    'sh',
    '-c',
    'cd "$0" && echo > usr/nobody && chown 65534:65534 usr/nobody',
    workshop.container.tree,
  ]);
  const packing = await workshop.openPacking();
  t.deepEqual(await packing.strangers(), []);
  await enclosure.run(['sh', '-c', 'echo > "$0" && chown 0:0 "$0"', `${tree}/usr/stranger`]);
  t.deepEqual(await packing.strangers(), ['/usr/stranger']);
  const listing = await packing.run(['tar', '--list', '--file=-'], {input: '\0'.repeat(1024)});
  t.is(listing, '');
  // nothing of the old container runs, and its tree is all that the new one has of it
  await t.throwsAsync(workshop.container.run(['true']));
});
