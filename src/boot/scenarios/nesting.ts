import {expect} from '../expect/expect.ts';
import {bootWith} from '../expect/feature.ts';
import type {Member} from '../member/member.ts';
import {defineScenario, notChecked} from '../scenario/scenario.ts';

/** Where it has the tools. */
const tools = '/mnt';

/** What is the container inside. */
const place = '/nesting';

/** Its root: with a user namespace of its own the kernel asks for what nesting gives. */
const owner = 100_000;

export default defineScenario({
  name: 'nesting',
  title: 'With nesting on an LXC container inside starts; with it off it is as healthy',
  limit: 300,

  async run(test) {
    if (test.nest.length === 0) notChecked('nobody brought LXC for it');
    const member = await bootWith(test, 'nesting', {trees: [{layers: test.nest, path: tools}]});
    await prepare(member);
    const {exitCode, lastLines} = await member.ask(['sh', '-c', start, tools, place]);
    if (exitCode === 0 && (await member.rootfs.read(`${place}/rootfs/said`)) === expected) return;
    // the probe has a proc that nothing covers wherever this machine lets a container mount one
    if (!(await test.probe.has('/dev/.lxc/proc/self')))
      notChecked('containers on this machine cannot mount proc');
    if (test.recipe.release.cgroups === 'v1' && (await apart(member)))
      notChecked(
        'this machine has cpu and cpuacct apart, where systemd makes a link for both that LXC follows',
      );
    const log = (await member.rootfs.read(`${place}/log`))?.split('\n') ?? [];
    const telling = log.filter((line) => / (ERROR|WARN) /.test(line));
    expect(false, 'a container inside does not start', [...telling, ...lastLines]);
  },
});

/** Whether cgroup v1's processor time is not counted where it is shared out, as it is on every node (cgroups(7)). */
async function apart(member: Member): Promise<boolean> {
  return /^\d+:cpuacct:/m.test(await member.run(['cat', '/proc/self/cgroup']));
}

/** A tree with nothing but busybox, and LXC's configuration of a container on it. */
async function prepare({rootfs}: Member): Promise<void> {
  const folders = [
    '',
    '/lxc',
    '/mount',
    '/rootfs',
    ...['bin', 'dev', 'proc', 'sys'].map((name) => `/rootfs/${name}`),
  ];
  const config = [
    ['lxc.uts.name', 'inside'],
    ['lxc.rootfs.path', `dir:${place}/rootfs`],
    ['lxc.rootfs.mount', `${place}/mount`],
    ['lxc.init.cmd', '/bin/busybox sh /init'],
    ['lxc.idmap', `u 0 ${owner} 65536`],
    ['lxc.idmap', `g 0 ${owner} 65536`],
    ['lxc.net.0.type', 'empty'],
    ['lxc.mount.auto', 'proc:mixed sys:mixed cgroup:mixed'],
    ['lxc.autodev', '1'],
    ['lxc.tty.max', '0'],
    ['lxc.console.path', 'none'],
  ];
  await rootfs.write([
    ...folders.map((folder) => ({path: `${place}${folder}`, directory: true}) as const),
    {path: `${place}/config`, content: config.map(([key, value]) => `${key} = ${value}\n`).join('')},
    {path: `${place}/rootfs/init`, content: init},
  ]);
  await rootfs.run(['cp', `${tools}/bin/busybox`, `${place}/rootfs/bin/busybox`]);
  await rootfs.run(['chown', '-R', `${owner}:${owner}`, `${place}/rootfs`]);
}

/** What the container inside says: it has ids of its own, and mounts that only nesting lets it have. */
const init = `b=/bin/busybox
echo "$($b hostname) $$ $($b ls -d /proc/1 /sys/class)" > /said
`;

const expected = 'inside 1 /proc/1\n/sys/class\n';

/** LXC runs by its own loader: no template has its libraries. */
const start = `
libraries=$(echo "$0"/usr/lib/*-linux-gnu)
loader=$(echo "$0"/usr/lib*/ld-linux-*.so.*)
exec "\${loader%% *}" --library-path "$libraries" "$0/usr/bin/lxc-start" --foreground --name inside \\
  --lxcpath "$1/lxc" --rcfile "$1/config" --logfile "$1/log" --logpriority INFO
`;
