import {
  apkBootstrap,
  apkPackages,
  apkSources,
  apkTrial,
  checkMinirootfs,
  defineDistribution,
  etcHostname,
  files,
  ifupdown,
  ifupdownWithoutFolder,
  openrc,
  openssh,
} from 'vpsadminos-templates';
import {apk} from 'vpsadminos-templates/builders/apk';

/** What every Alpine template has; the base brings OpenRC, busybox's services and its editor. */
const packages = ['alpine-base', 'ca-certificates', 'nano', 'openssh'];

/**
 * busybox's ifup and ifdown, and not ifupdown-ng, which takes the link down before it runs `down` commands: those then
 * fail, and with them a restart of the network.
 */
const current = ['busybox-ifupdown', 'iproute2-minimal'];
const legacy = ['iproute2'];

/** A branch of Alpine's, and the end of its support. */
const branch = (version: string, endOfLife: string, tools: readonly string[] = current) =>
  ({version, codename: version, branch: `v${version}`, endOfLife, tools, cgroups: 'any'}) as const;

export default defineDistribution({
  name: 'alpine',
  title: 'Alpine',
  family: 'linux',
  builder: apk,
  releases: [
    {...branch('3.6', '2019-05-01', legacy), legacy: true},
    {...branch('3.7', '2019-11-01', legacy), legacy: true},
    branch('3.21', '2026-11-01'),
    branch('3.22', '2027-05-01'),
    branch('3.23', '2027-11-01'),
    {...branch('3.24', '2028-06-01'), tags: ['stable', 'latest']},
    {
      version: 'edge',
      codename: 'edge',
      branch: 'edge',
      tools: current,
      dated: true,
      cgroups: 'any',
      tags: ['edge'],
    },
  ],
  mirrors: {archive: ['https://dl-cdn.alpinelinux.org/alpine']},
  bootstrap: ({release}) => apkBootstrap([...packages, ...release.tools]),
  configure: [
    files('files'),
    openrc({
      services: {
        boot: ['bootmisc', 'hostname', 'ping-for-all', 'syslog'],
        default: ['networking', 'sshd', 'crond'],
        shutdown: ['killprocs'],
      },
    }),
    openssh({hostKeys: 'service'}),
  ],
  osctl: ({release}) => ({
    hostname: etcHostname,
    network: release.tools === legacy ? ifupdownWithoutFolder : ifupdown,
  }),
  listPackages: apkPackages,
  // which depends on nothing but musl, and busybox has none
  trial: () => apkTrial('make', 'make'),
  listSources: apkSources,
  checkMirror: checkMinirootfs,
  seal: {remove: ['/var/cache/apk/*']},
});
