import {oldRedHatPackages} from '../shared/old-red-hat/index.ts';
import {makeOldReleases, makeOldReplaced, type OldRelease} from '../shared/old-red-hat/release.ts';
import {oldRedHatTools} from '../shared/old-red-hat/rpm.ts';
import {defineStandIn} from '../shared/stand-in.ts';

const seven: OldRelease = {
  version: '7',
  release: '9.2009.el7.centos',
  packages: [
    {name: 'centos-release', provides: ['system-release']},
    {name: 'yum', requires: ['dnf']},
  ],
  files: {'centos-release': new URL('files/centos-release/', import.meta.url)},
  key: {package: 'centos-release', path: '/etc/pki/rpm-gpg/RPM-GPG-KEY-CentOS-7'},
  os: '/7.9.2009/os/x86_64',
  updates: '/7.9.2009/updates/x86_64',
};

/** The vault in which CentOS 7 ended. */
export default defineStandIn({
  name: 'centos-7',
  distribution: 'centos',
  releases: [seven.version],
  builder: oldRedHatTools,
  parts: [oldRedHatPackages],
  places: {vault: ''},
  async make(tools) {
    await makeOldReleases(tools, [seven]);
    await makeOldReplaced(tools, seven);
  },
});
