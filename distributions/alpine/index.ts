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
  releaseIn,
} from 'vpsadminos-templates';
import {apk} from 'vpsadminos-templates/builders/apk';

/** What every Alpine template has; the base brings OpenRC, busybox's services and its editor. */
const packages = ['alpine-base', 'ca-certificates', 'nano', 'openssh'];

/**
 * busybox's ifup and ifdown, and not ifupdown-ng, which takes the link down before it runs `down` commands: those then
 * fail, and with them a restart of the network.
 */
const toolsOf = (release: {readonly version: string}) =>
  isOld(release) ? ['iproute2'] : ['busybox-ifupdown', 'iproute2-minimal'];

/** Before iproute2 and busybox's ifupdown were split off. */
const isOld = (release: {readonly version: string}) => releaseIn(release, '<3.8');

/** A branch of Alpine's, and the end of its support. */
const branch = (version: string, endOfLife: string) =>
  ({version, codename: version, branch: `v${version}`, endOfLife, cgroups: 'any'}) as const;

export default defineDistribution({
  name: 'alpine',
  title: 'Alpine',
  family: 'linux',
  builder: apk,
  releases: [
    {...branch('3.6', '2019-05-01'), legacy: true},
    {...branch('3.7', '2019-11-01'), legacy: true},
    branch('3.21', '2026-11-01'),
    branch('3.22', '2027-05-01'),
    branch('3.23', '2027-11-01'),
    branch('3.24', '2028-06-01'),
    {
      version: 'edge',
      codename: 'edge',
      branch: 'edge',
      dated: true,
      cgroups: 'any',
      tags: ['edge'],
    },
  ],
  tags: {newest: ['stable', 'latest']},
  mirrors: {archive: ['https://dl-cdn.alpinelinux.org/alpine']},
  bootstrap: ({release}) => apkBootstrap([...packages, ...toolsOf(release)]),
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
    network: isOld(release) ? ifupdownWithoutFolder : ifupdown,
  }),
  listPackages: apkPackages,
  // which depends on nothing but musl, and busybox has none
  trial: () => apkTrial('make', 'make'),
  listSources: apkSources,
  checkMirror: checkMinirootfs,
  seal: {remove: ['/var/cache/apk/*']},
});
