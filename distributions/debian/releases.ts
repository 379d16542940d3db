import type {Places, Pockets, Release} from 'vpsadminos-templates';

export interface DebianRelease extends Release {
  readonly pockets: Pockets;
  /** FUSE and what mounts squashfs by it. */
  readonly fuse: readonly string[];
  /** The client that ifupdown starts. */
  readonly dhcp: string;
  /** Where the mirrors of a release are that has left Debian's own. */
  readonly places?: Places;
}

const stable = (codename: string) => ({
  codename,
  pockets: {archive: ['-updates'], security: `${codename}-security`},
  fuse: ['fuse3', 'squashfuse'],
});

const rolling = (codename: string): DebianRelease => ({
  version: codename,
  codename,
  pockets: {archive: []},
  dated: true,
  fuse: ['fuse3', 'squashfuse'],
  dhcp: 'dhcpcd-base',
  cgroups: 'v2',
  tags: [codename],
});

/** Its -updates did not go to the archive. */
const archived = (codename: string) => ({
  codename,
  pockets: {archive: [], security: `${codename}/updates`},
  places: {archive: 'archived', security: 'archived-security'},
  fuse: ['fuse'],
  dhcp: 'isc-dhcp-client',
  legacy: true,
});

export const releases: readonly DebianRelease[] = [
  {version: '8', ...archived('jessie'), endOfLife: '2020-06-30', cgroups: 'v1'},
  {version: '9', ...archived('stretch'), endOfLife: '2022-06-30', cgroups: 'any'},
  {version: '11', ...stable('bullseye'), dhcp: 'isc-dhcp-client', endOfLife: '2026-08-31', cgroups: 'any'},
  {
    version: '12',
    ...stable('bookworm'),
    dhcp: 'isc-dhcp-client',
    endOfLife: '2028-06-30',
    cgroups: 'any',
  },
  {
    version: '13',
    ...stable('trixie'),
    dhcp: 'dhcpcd-base',
    endOfLife: '2030-06-30',
    cgroups: 'v2',
  },
  rolling('testing'),
  rolling('unstable'),
];
