import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {apk} from '../../builders/apk.ts';
import {defineBuilder} from '../../src/recipe/builder.ts';
import {makeApkRepository} from '../shared/apk/index.ts';
import {openrcServices} from '../shared/openrc/index.ts';
import {defineStandIn, keysFolder, mirrorFolder} from '../shared/stand-in.ts';

/** Alpine's real minirootfs tarballs: beside the checkout, unless OSCTL_TEMPLATE_ALPINE says where. */
export const minirootfsFolder =
  process.env.OSCTL_TEMPLATE_ALPINE ?? join(import.meta.dirname, '../../../shared/data/alpine');

/**
 * Branches and the real minirootfs each gets. None of a supported release was at hand, so 3.20's stands for those of
 * 3.21 to 3.24 and of edge: apk, busybox and musl in it are Alpine's own.
 */
const branches = [
  {release: '3.22', branch: 'v3.22', version: '3.22.0', minirootfs: '3.20.3', generation: 'current'},
  {release: '3.21', branch: 'v3.21', version: '3.21.0', minirootfs: '3.20.3', generation: 'current'},
  {release: '3.23', branch: 'v3.23', version: '3.23.0', minirootfs: '3.20.3', generation: 'current'},
  {release: '3.24', branch: 'v3.24', version: '3.24.0', minirootfs: '3.20.3', generation: 'current'},
  {release: 'edge', branch: 'edge', version: '20261101', minirootfs: '3.20.3', generation: 'current'},
  {release: '3.7', branch: 'v3.7', version: '3.7.3', minirootfs: '3.7.3', generation: 'legacy'},
  {release: '3.6', branch: 'v3.6', version: '3.6.5', minirootfs: '3.6.5', generation: 'legacy'},
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
    ['etc/init.d/savecache', 'etc/init.d/savecache'],
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
const libraries = 'stand-in-glibc';

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

/** A minirootfs tarball of Alpine's. */
const tarball = (version: string) => join(minirootfsFolder, `alpine-minirootfs-${version}-x86_64.tar.gz`);

/** The one whose apk makes the indexes. */
const newest = '3.20.3';

export default defineStandIn({
  name: 'alpine',
  distribution: 'alpine',
  releases: branches.map(({release}) => release),
  builder: defineBuilder({name: 'alpine-mirror', base: apk, packages: ['gnupg', 'mmdebstrap', 'openssl']}),
  places: {archive: '/alpine'},

  data: [...new Set(branches.map(({minirootfs}) => minirootfs))].map(tarball),

  async make(tools, wanted) {
    const {copy, run, write} = tools;
    const key = '/srv/stand-in@example.org-5f3a0001.rsa';
    const alpine = `${mirrorFolder}/alpine`;
    const script = (name: string, argv: readonly string[], input?: string) =>
      tools.script(new URL(name, import.meta.url), argv, {input});
    const lines = Object.entries(programs).flatMap(([name, paths]) =>
      paths.map(([from, to]) => `${name} ${from} ${to}\n`),
    );
    await script('userland', [libraries, 'trixie', debian.join(',')], lines.join(''));
    await script('keys', [key, keysFolder]);
    const all = Object.keys({...generations.current, ...generations.legacy});
    await run(['mkdir', '-p', ...all.map((name) => `/srv/packages/${name}`)]);
    // Alpine has services of its own in the place of some of these
    await copy(openrcServices, '/srv/packages/openrc');
    await copy(new URL('files/', import.meta.url), '/srv/packages');
    const chosen = branches.filter(({release}) => wanted.includes(release));
    for (const each of [newest, ...chosen.map(({minirootfs}) => minirootfs)])
      await write(`/srv/minirootfs/${each}.tar.gz`, await readFile(tarball(each)));
    for (const {branch, version, minirootfs} of chosen) {
      const file = `/srv/minirootfs/${minirootfs}.tar.gz`;
      await script('release', [`${alpine}/${branch}`, branch, version, file]);
    }
    const apkTree = '/srv/apk-tree';
    await run(['mkdir', apkTree]);
    await run(['tar', '--extract', `--file=/srv/minirootfs/${newest}.tar.gz`, `--directory=${apkTree}`]);
    for (const [generation, depends] of Object.entries(generations)) {
      const [first, ...others] = chosen
        .filter((each) => each.generation === generation)
        .map(({branch}) => branch);
      if (first === undefined) continue;
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
          await run(['ln', '-s', `../${first}/${repository}`, `${alpine}/${branch}/${repository}`]);
      }
    }
  },
});
