import {oldRedHatPackages} from '../shared/old-red-hat/index.ts';
import {makeOldReleases, type OldRelease} from '../shared/old-red-hat/release.ts';
import {oldRedHatTools} from '../shared/old-red-hat/rpm.ts';
import {defineStandIn} from '../shared/stand-in.ts';

const archive = '/pub/archive/fedora/linux';
const needsFiles = {requires: ['filesystem']};
const files = (name: string) => new URL(`files/${name}/`, import.meta.url);

/** A release of Fedora's, and where the archive has its updates. */
const fedora = (version: string, updates: string): OldRelease => ({
  version,
  release: `1.fc${version}`,
  packages: [
    {name: 'fedora-release', provides: ['system-release']},
    {name: 'fedora-repos', ...needsFiles},
    {name: 'dhcp-client', requires: ['dhclient']},
    ...['glibc-langpack-en', 'systemd-pam', 'systemd-udev'].map((name) => ({name, ...needsFiles})),
  ],
  files: {'fedora-release': files(`fedora-release-${version}`), 'fedora-repos': files('fedora-repos')},
  key: {package: 'fedora-repos', path: `/etc/pki/rpm-gpg/RPM-GPG-KEY-fedora-${version}-x86_64`},
  os: `${archive}/releases/${version}/Everything/x86_64/os`,
  updates: `${archive}/updates/${version}${updates}`,
});

const releases = [fedora('28', '/Everything/x86_64'), fedora('27', '/x86_64')];

/** The archive with Fedora 27 and 28. */
export default defineStandIn({
  name: 'fedora-28',
  distribution: 'fedora',
  releases: releases.map(({version}) => version),
  builder: oldRedHatTools,
  parts: [oldRedHatPackages],
  places: {archive},
  make: (tools, wanted) =>
    makeOldReleases(
      tools,
      releases.filter(({version}) => wanted.includes(version)),
    ),
});
