import {access, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {apk} from '../../../builders/apk.ts';
import {defineBuilder} from '../../../src/recipe/builder.ts';
import {readFolder} from '../../../src/rootfs/files.ts';
import {makeApkRepository} from '../apk.ts';
import {defineLookAlike, keysFolder, type MirrorTools, mirrorFolder} from '../look-alike.ts';

/** Alpine's real minirootfs tarballs: beside the checkout, unless OSCTL_TEMPLATE_ALPINE says where. */
export const minirootfsFolder =
  process.env.OSCTL_TEMPLATE_ALPINE ?? join(import.meta.dirname, '../../../../shared/data/alpine');

/**
 * Branches and the real minirootfs each gets. None of a supported release was at hand, so 3.20's stands for those of
 * 3.21 to 3.24 and of edge: apk, busybox and musl in it are Alpine's own.
 */
const branches = [
  {branch: 'v3.22', version: '3.22.0', minirootfs: '3.20.3', generation: 'current'},
  {branch: 'v3.21', version: '3.21.0', minirootfs: '3.20.3', generation: 'current'},
  {branch: 'v3.23', version: '3.23.0', minirootfs: '3.20.3', generation: 'current'},
  {branch: 'v3.24', version: '3.24.0', minirootfs: '3.20.3', generation: 'current'},
  {branch: 'edge', version: '20261101', minirootfs: '3.20.3', generation: 'current'},
  {branch: 'v3.7', version: '3.7.3', minirootfs: '3.7.3', generation: 'legacy'},
  {branch: 'v3.6', version: '3.6.5', minirootfs: '3.6.5', generation: 'legacy'},
] as const;

/** Debian's packages of the programs below. */
const debian = ['iproute2', 'make', 'nano', 'openrc', 'openssh-client', 'openssh-server'];

/** Debian's programs by Alpine's package, and where Alpine has them. */
const programs: Readonly<Record<string, readonly (readonly [from: string, to: string])[]>> = {
  openrc: [
    ['usr/lib/rc', 'usr/lib/rc'],
    ['etc/rc.conf', 'etc/rc.conf'],
    ['etc/runlevels', 'etc/runlevels'],
    ['etc/init.d/cgroups', 'etc/init.d/cgroups'],
    ['usr/bin/rc-status', 'bin/rc-status'],
    ['usr/sbin/openrc', 'sbin/openrc'],
    ['usr/sbin/openrc-run', 'sbin/openrc-run'],
    ['usr/sbin/rc-service', 'sbin/rc-service'],
    ['usr/sbin/rc-update', 'sbin/rc-update'],
  ],
  openssh: [
    ['usr/lib/openssh', 'usr/lib/openssh'],
    ['usr/sbin/sshd', 'usr/sbin/sshd'],
    ['usr/bin/ssh', 'usr/bin/ssh'],
    ['usr/bin/ssh-keygen', 'usr/bin/ssh-keygen'],
  ],
  'iproute2-minimal': [['usr/bin/ip', 'sbin/ip']],
  make: [['usr/bin/make', 'usr/bin/make']],
  nano: [['usr/bin/nano', 'usr/bin/nano']],
};

/** The libraries of Debian's programs, at Debian's paths, where musl's loader does not look. */
const libraries = 'look-alike-glibc';

const common: Readonly<Record<string, readonly string[]>> = {
  openrc: [libraries],
  openssh: [libraries],
  'iproute2-minimal': [libraries],
  make: [libraries],
  nano: [libraries],
  'ca-certificates': [],
  [libraries]: [],
};

/** Packages and what they depend on, which changed with the years. */
const generations: Readonly<Record<'current' | 'legacy', Readonly<Record<string, readonly string[]>>>> = {
  current: {
    ...common,
    'alpine-base': ['busybox-openrc', 'openrc'],
    'busybox-ifupdown': [],
    'busybox-openrc': [],
  },
  legacy: {
    ...common,
    'alpine-base': ['busybox-initscripts', 'openrc'],
    'busybox-initscripts': ['busybox-openrc'],
    'busybox-openrc': [],
    iproute2: ['iproute2-minimal'],
  },
};

/** The folder of `scripts/mirrors` with what of a package is the look-alike's own: services, configuration. */
const own = new URL('../packages/alpine/', import.meta.url);

export default defineLookAlike({
  name: 'alpine',
  distribution: 'alpine',
  builder: defineBuilder({name: 'alpine-mirror', base: apk, packages: ['gnupg', 'mmdebstrap', 'openssl']}),
  places: {archive: '/alpine'},

  async make(tools) {
    await access(minirootfsFolder).catch((cause: unknown) => {
      throw new Error(
        `there are no minirootfs tarballs at ${minirootfsFolder}; OSCTL_TEMPLATE_ALPINE says where`,
        {
          cause,
        },
      );
    });
    const key = '/srv/look-alike@example.org-5f3a0001.rsa';
    const alpine = `${mirrorFolder}/alpine`;
    const lines = Object.entries(programs).flatMap(([name, paths]) =>
      paths.map(([from, to]) => `${name} ${from} ${to}\n`),
    );
    await script(tools, 'userland.sh', [libraries, 'trixie', debian.join(',')], lines.join(''));
    await script(tools, 'keys.sh', [key, keysFolder]);
    const all = Object.keys({...generations.current, ...generations.legacy});
    await tools.run(['mkdir', '-p', ...all.map((name) => `/srv/packages/${name}`)]);
    for (const name of ['openrc', 'busybox-initscripts', 'busybox-openrc', 'openssh']) {
      for (const entry of await readFolder(new URL(`${name}/`, own))) {
        if (!('content' in entry)) continue;
        await tools.write(`/srv/packages/${name}${entry.path}`, entry.content);
        if (entry.mode === 0o755) await tools.run(['chmod', '755', `/srv/packages/${name}${entry.path}`]);
      }
    }
    for (const {branch, version, minirootfs} of branches) {
      const file = `/srv/alpine-minirootfs-${minirootfs}.tar.gz`;
      const name = `alpine-minirootfs-${minirootfs}-x86_64.tar.gz`;
      await tools.write(file, await readFile(join(minirootfsFolder, name)));
      await script(tools, 'release.sh', [`${alpine}/${branch}`, branch, version, file]);
    }
    const apkTree = '/srv/apk-tree';
    const tree = 'mkdir "$0"; tar -xzf /srv/alpine-minirootfs-3.20.3.tar.gz -C "$0"';
    await tools.run(['sh', '-c', tree, apkTree]);
    for (const [generation, depends] of Object.entries(generations)) {
      const [first, ...others] = branches
        .filter((each) => each.generation === generation)
        .map(({branch}) => branch);
      for (const repository of ['main', 'community']) {
        const names = Object.keys(depends).filter(
          (name) => (name === 'nano') === (repository === 'community'),
        );
        const packages = names.map((name) => ({
          name,
          version: '1.0-r0',
          depends: depends[name] ?? [],
          folder: `/srv/packages/${name}`,
        }));
        const folder = `${alpine}/${first}/${repository}/x86_64`;
        await makeApkRepository(tools, {folder, packages, key, apk: apkTree});
        for (const branch of others)
          await tools.run(['ln', '-s', `../${first}/${repository}`, `${alpine}/${branch}/${repository}`]);
      }
    }
  },
});

/** Runs a script of `scripts/mirrors/apk`. */
async function script(
  {run, write}: MirrorTools,
  name: string,
  argv: readonly string[],
  input?: string,
): Promise<void> {
  await write(`/srv/${name}`, await readFile(new URL(`../apk/${name}`, import.meta.url)));
  await run(['sh', `/srv/${name}`, ...argv], {input});
}
