import test from 'ava';
import {Failure} from '../../src/failure.ts';
import {obstacles, renderFindings} from '../../src/host/finding.ts';
import {checkMachine, requireMachine} from '../../src/host/requirements.ts';
import {brokenMachine} from './broken-machine.ts';

type Defects = Parameters<typeof brokenMachine>[0];

const broken: Record<string, {defects: Defects; says: RegExp; advises: RegExp}> = {
  'another system': {defects: {platform: 'darwin'}, says: /✘ Linux: darwin/, advises: /virtual machine/},
  'no root': {defects: {uid: 1000}, says: /✘ root: no, this is user 1000/, advises: /sudo/},
  'no LXC': {
    defects: {without: ['lxc-start', 'lxc-attach', 'lxc-stop', 'lxc-usernsexec']},
    says: /✘ lxc: no lxc-start, lxc-attach, lxc-stop, lxc-usernsexec/,
    advises: /apt-get install lxc/,
  },
  'an old LXC': {
    defects: {results: {'lxc-start --version': {ok: true, output: '3.0.3\n'}}},
    says: /✘ lxc: 3\.0\.3/,
    advises: /LXC 4 or newer/,
  },
  'no mmdebstrap': {
    defects: {without: ['mmdebstrap']},
    says: /✘ mmdebstrap: no/,
    advises: /apt-get install mmdebstrap/,
  },
  "BusyBox's flock": {
    defects: {paths: {flock: '/bin/busybox'}},
    says: /✘ util-linux: no flock/,
    advises: /util-linux/,
  },
  'another tar': {
    defects: {results: {'tar --version': {ok: true, output: 'bsdtar 3.6.2'}}},
    says: /✘ tar: bsdtar/,
    advises: /GNU tar is needed/,
  },
  'no keys': {
    defects: {files: {'/usr/share/keyrings/debian-archive-keyring.gpg': undefined}},
    says: /✘ Debian's keys: no/,
    advises: /debian-archive-keyring/,
  },
  'no subordinate ids': {
    defects: {files: {'/etc/subuid': 'alice:100000:65536\n', '/etc/subgid': undefined}},
    says: /✘ ids: root has no range of 524288 ids in \/etc\/subuid and \/etc\/subgid/,
    advises: /npm run setup/,
  },
  'ids that cannot be mapped': {
    defects: {results: {'lxc-usernsexec': {ok: false, output: 'newuidmap: write to uid_map failed\n'}}},
    says: /✘ ids: newuidmap: write to uid_map failed/,
    advises: /uid_map/,
  },
  'user namespaces turned off': {
    defects: {files: {'/proc/sys/user/max_user_namespaces': '0\n'}},
    says: /✘ user namespaces: turned off/,
    advises: /sysctl user\.max_user_namespaces=/,
  },
  'a kernel without user namespaces': {
    defects: {files: {'/proc/sys/user/max_user_namespaces': undefined}},
    says: /✘ user namespaces: not in this kernel/,
    advises: /CONFIG_USER_NS/,
  },
  'no overlay': {
    defects: {
      results: {'overlay -o': {ok: false, output: "mount: /tmp/tree: unknown filesystem type 'overlay'.\n"}},
    },
    says: /✘ overlay: mount: .*unknown filesystem type/,
    advises: /modprobe overlay/,
  },
  'no cgroups': {
    defects: {results: {cgroup2: {ok: false, output: 'mount: permission denied'}}},
    says: /✘ cgroups: mount: permission denied/,
    advises: /Linux 4\.5/,
  },
  'no veth': {
    defects: {results: {veth: {ok: false, output: 'Error: Unknown device type.'}}},
    says: /✘ network: Error: Unknown device type/,
    advises: /modprobe veth/,
  },
  'an output folder where no program can run': {
    defects: {
      files: {
        '/proc/self/mountinfo':
          '21 1 8:1 / / rw - ext4 /dev/sda1 rw\n30 21 0:9 / /my\\040disk rw,noexec - tmpfs t rw\n',
      },
      existing: async () => '/my disk/output',
    },
    says: /✘ output: output is on \/my disk, which is mounted noexec/,
    advises: /another file system with --output, or run: mount -o remount,exec '\/my disk'/,
  },
  'an old Node.js': {
    defects: {nodeVersion: '20.20.2'},
    says: /✘ Node\.js: 20\.20\.2/,
    advises: /npm run setup/,
  },
};

for (const [name, {defects, says, advises}] of Object.entries(broken)) {
  test(`${name}: one finding says what is wrong and what to do`, async (t) => {
    const machine = brokenMachine(defects);
    const failing = obstacles(await checkMachine({machine}));
    t.is(failing.length, 1);
    t.regex(renderFindings(failing), says);
    t.regex(failing[0]?.remedy ?? '', advises);
    const failure = await t.throwsAsync(requireMachine({machine}), {instanceOf: Failure});
    t.is(failure?.exitCode, 3);
    t.true(failure?.message.includes(renderFindings(failing)));
  });
}

test('a machine that has everything passes', async (t) => {
  const machine = brokenMachine();
  t.true((await checkMachine({machine})).every(({ok}) => ok));
  await t.notThrowsAsync(requireMachine({machine}));
});

test('little memory and disk are said, but keep nobody from building', async (t) => {
  const machine = brokenMachine({
    files: {'/proc/meminfo': 'MemAvailable: 1048576 kB\n'},
    freeSpace: async () => 2 ** 30,
  });
  const text = renderFindings(await checkMachine({machine, output: '/srv/templates'}));
  t.regex(text, /^! memory: 1\.0 GiB available$/m);
  t.regex(text, /^! disk: 1\.0 GiB free in \/srv\/templates$/m);
  await t.notThrowsAsync(requireMachine({machine}));
});

test('a remedy of two lines is indented below its finding', (t) => {
  const finding = {
    name: 'overlay',
    ok: false,
    required: true,
    found: 'no',
    remedy: 'Run: modprobe overlay\nor not.',
  };
  t.is(renderFindings([finding]), '✘ overlay: no\n    Run: modprobe overlay\n    or not.');
});
