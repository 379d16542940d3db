import type {Feature} from '../../../src/container/features.ts';
import type {FileEntry} from '../../../src/recipe/rootfs.ts';
import {dropIn, masked, service, unit} from './broken.ts';

/** A mistake in a template, the scenario that finds it, and what that says. */
export interface Mistake {
  readonly scenario: string;
  readonly what: string;
  readonly entries: readonly FileEntry[];
  readonly reason: RegExp;
  /** Seconds, where the scenario would otherwise wait for long. */
  readonly limit?: number;
  /** What this machine's kernel must have, where it is something that not every one has. */
  readonly needs?: Feature | 'cgroup v1';
  /** What the release says of cgroups, where it is not what Debian 13 says. */
  readonly cgroups?: 'any';
}

const noAnswer = /^waited 20 s for an answer of \S+ to a ping/;

export const mistakes: readonly Mistake[] = [
  ...['addresses', 'bridged', 'routed-2018', 'routed-versions'].map((scenario) => ({
    scenario,
    what: 'nothing raises the interface',
    entries: masked('networking.service'),
    reason: noAnswer,
  })),
  {
    scenario: 'capabilities',
    what: 'the kernel lets nobody but root ping',
    entries: [{path: '/etc/sysctl.d/60-vpsadminos.conf', content: ''}],
    reason: /^a ping by the user nobody failed$/,
  },
  {
    scenario: 'cgroups',
    what: 'something covers the hierarchy',
    entries: service('cover.service', 'mount -t tmpfs cover /sys/fs/cgroup'),
    reason: /^the hierarchy on \/sys\/fs\/cgroup: expected 'cgroup2', saw 'none'$/,
  },
  {
    scenario: 'cgroups-hybrid',
    what: 'something makes the hierarchy read-only',
    entries: service('cover.service', 'mount -o remount,bind,ro /sys/fs/cgroup/systemd'),
    reason: /^no process can be put into a new group of .+systemd$/,
    cgroups: 'any',
    needs: 'cgroup v1',
  },
  {
    scenario: 'clock',
    what: 'the locale is not one of UTF-8',
    entries: [{path: '/etc/locale.conf', content: 'LANG=C\n'}],
    reason: /^a login has LANG=C, not one of UTF-8$/,
  },
  {
    scenario: 'clock',
    what: 'the time zone is another',
    entries: [{path: '/etc/localtime', target: '../usr/share/zoneinfo/Europe/London'}],
    reason: /^the offset of UTC on \d{4}-07-01: expected '\+0000', saw '\+0100'$/,
  },
  {
    scenario: 'console',
    what: 'a getty waits elsewhere, too',
    entries: unit('second-getty.service', ['Type=simple', 'ExecStart=@/bin/sleep agetty 1000']),
    reason: /^a getty is elsewhere than on \/dev\/console: agetty 1000 +on \/dev\/null$/,
  },
  {
    scenario: 'cycles',
    what: 'something works once',
    entries: service('once.service', '[ ! -e /var/lib/once ] && touch /var/lib/once'),
    reason: /^systemd says degraded; failed: once\.service$/,
  },
  {
    scenario: 'dhcp',
    what: 'the DHCP client owns resolv.conf',
    entries: [{path: '/etc/dhcpcd.enter-hook', content: ''}],
    reason: /^the resolvers are no longer ours$/,
  },
  {
    scenario: 'fuse',
    what: 'squashfuse does not work',
    entries: [{path: '/usr/bin/squashfuse', content: '#!/bin/sh\nexit 1\n', mode: 0o755}],
    reason: /^squashfuse /,
  },
  {
    scenario: 'health',
    what: 'something that runs has errors',
    entries: service('alas.service', 'echo alas | systemd-cat --priority=err'),
    reason: /^its journal has errors: alas$/,
  },
  {
    scenario: 'health',
    what: 'something is started again and again, without a service’s knowledge',
    entries: unit('restless.service', [
      'Type=simple',
      `ExecStart=/bin/sh -c 'while :; do /bin/true; sleep 0.5; done'`,
    ]),
    reason: /^waited 20 s for its processes to come to rest; the last try: \d+ were started in two seconds$/,
  },
  {
    scenario: 'identity',
    what: 'a random seed comes with the template',
    entries: [{path: '/var/lib/systemd/random-seed', content: 'not random\n'}],
    reason: /^both have the same \/var\/lib\/systemd\/random-seed$/,
  },
  {
    scenario: 'interfaces',
    what: 'something remembers interfaces',
    entries: service('memory.service', 'ls /sys/class/net >> /etc/seen-interfaces'),
    reason: /is left over: \/etc\/seen-interfaces$/,
  },
  {
    scenario: 'ppp',
    what: 'something makes the device though nobody switched it on',
    entries: service('devices.service', 'touch /dev/ppp'),
    reason: /^\/dev\/ppp is there, though ppp is off$/,
  },
  ...(['kvm', 'tun'] as const).map((scenario) => ({
    scenario,
    what: 'something takes the device away',
    entries: service(
      'devices.service',
      'for device in /dev/kvm /dev/net/tun; do [ ! -e $device ] || umount $device; done; rm -f /dev/kvm /dev/net/tun',
    ),
    reason: /^\/dev\/\S+ cannot be opened, though (kvm|tun) is on$/,
    needs: scenario,
  })),
  {
    scenario: 'lifecycle',
    what: 'it cannot be halted from inside',
    entries: [{path: '/usr/sbin/poweroff', content: '#!/bin/sh\n', mode: 0o755}],
    reason: /^took longer than 60 s, waiting for: lifecycle-\d+ to halt$/,
    limit: 60,
  },
  {
    scenario: 'nesting',
    what: 'something unmounts what nesting needs',
    entries: service('tidy.service', 'umount /dev/.lxc/proc /dev/.lxc/sys || true'),
    reason: /^a container inside does not start$/,
  },
  {
    scenario: 'own-configuration',
    what: 'interfaces.tail is ignored',
    entries: dropIn(
      'networking.service',
      "ExecStartPre=/bin/sed -i '/auto own-tail/d' /etc/network/interfaces",
    ),
    reason:
      /in the order they came up, after the first start: expected 'head folder tail', saw 'head folder'$/,
  },
  {
    scenario: 'packages',
    what: 'there is no mirror',
    entries: [{path: '/etc/apt/sources.list.d/debian.sources', content: ''}],
    reason: /^apt-get failed with exit code 100$/,
  },
  {
    scenario: 'protected',
    what: 'something writes the hostname over a file that is the member’s',
    entries: service('name.service', 'echo stubborn > /etc/hostname'),
    reason: /^\/etc\/hostname: expected '# mine\\n', saw 'stubborn\\n'$/,
  },
  {
    scenario: 'reboot',
    what: 'it cannot be rebooted from inside',
    entries: [{path: '/usr/sbin/reboot', content: '#!/bin/sh\n', mode: 0o755}],
    reason: /^took longer than 60 s, waiting for: a reboot of reboot-\d+$/,
    limit: 60,
  },
];
