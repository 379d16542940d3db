import {
  type CheckedMirror,
  checkDnfMirror,
  type MirrorPlace,
  type PackageTrial,
  type Release,
  type StepContext,
  type TrialContext,
  type TwoStagesOptions,
  twoStages,
  yumTrial,
} from 'vpsadminos-templates';

/** What the templates of 2017 and 2018 have; NetworkManager stays away, so osctld takes initscripts. */
const packages = [
  ...[
    'fedora-release',
    'fedora-repos',
    'basesystem',
    'filesystem',
    'setup',
    'rootfiles',
    'bash',
    'coreutils',
  ],
  ...[
    'util-linux',
    'shadow-utils',
    'passwd',
    'sudo',
    'tar',
    'systemd',
    'systemd-udev',
    'systemd-pam',
    'dbus',
  ],
  ...[
    'glibc-langpack-en',
    'hostname',
    'procps-ng',
    'initscripts',
    'dhcp-client',
    'iproute',
    'iputils',
    'dnf',
  ],
  ...['openssh-server', 'openssh-clients', 'ca-certificates', 'rpm', 'curl', 'findutils', 'gzip', 'less'],
  ...['man-db', 'vim-minimal', 'which'],
];

interface Archived {
  readonly codename: string;
  readonly place: string;
  readonly repositories: Readonly<Record<string, string>>;
  readonly key: string;
}

const archived = (version: string, updates: string, endOfLife: string): Release & Archived => ({
  version,
  codename: version,
  place: 'archive',
  repositories: {fedora: `releases/${version}/Everything/x86_64/os`, updates},
  key: `/usr/share/distribution-gpg-keys/fedora/RPM-GPG-KEY-fedora-${version}-primary`,
  endOfLife,
  legacy: true,
  // systemd 234 and 238 mount v1's hierarchies unless they are told otherwise
  cgroups: 'v1',
});

const first = archived('27', 'updates/27/x86_64', '2018-11-30');
const releases = [first, archived('28', 'updates/28/Everything/x86_64', '2019-05-28')];

const options = ({codename, place, repositories, key}: Archived): TwoStagesOptions => ({
  place,
  repositories,
  releasever: codename,
  keys: [key],
  manager: 'dnf',
  packages,
  rpmdb: '/var/lib/rpm',
  // the keys are of 2017 and 2018
  acceptSha1: true,
});

/** Fedora as it was before rpm 4.16 and before initscripts went, from the archive. */
export const old = {
  releases,
  has: ({version}: Pick<Release, 'version'>) => releases.some((each) => each.version === version),
  mirrors: {archive: ['https://archives.fedoraproject.org/pub/archive/fedora/linux']},
  bootstrap: (release: Archived) => twoStages(options(release)),
  trial(release: Archived, context: TrialContext): PackageTrial {
    // of fedora-repos
    const gpgkey = `/etc/pki/rpm-gpg/RPM-GPG-KEY-fedora-${release.codename}-x86_64`;
    return yumTrial('tree', 'tree', {...options(release), gpgkey}, context);
  },
  hasPlace: ({name}: MirrorPlace) => name === 'archive',
  checkMirror: (context: StepContext, place: MirrorPlace): Promise<CheckedMirror> =>
    checkDnfMirror({...options(first), probe: 'fedora-release'}, context, place),
};
