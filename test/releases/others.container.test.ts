import test from 'ava';
import alpine from '../../stand-ins/alpine/index.ts';
import centos from '../../stand-ins/centos/index.ts';
import fedora from '../../stand-ins/fedora/index.ts';
import gentoo from '../../stand-ins/gentoo/index.ts';
import nixos from '../../stand-ins/nixos/index.ts';
import ubuntu from '../../stand-ins/ubuntu/index.ts';
import {osctlTemplate} from '../cli/osctl-template.ts';
import {commandOutput} from '../fixtures/command-output.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';

/** The templates that no other test deploys, by the stand-in that they are built from, and its releases. */
const others = [
  [alpine, alpine.releases, ['alpine-3.21', 'alpine-3.23', 'alpine-3.24', 'alpine-edge']],
  [centos, ['10-stream'], ['centos-10-stream']],
  [fedora, ['44', 'rawhide'], ['fedora-44', 'fedora-rawhide']],
  [gentoo, ['musl'], ['gentoo-musl']],
  [nixos, nixos.releases, ['nixos-26.05-impermanence', 'nixos-unstable', 'nixos-unstable-impermanence']],
  [ubuntu, ['22.04', '26.04'], ['ubuntu-22.04', 'ubuntu-26.04']],
] as const;

/** Those that the tests of distributions, legacy releases and the command line deploy when everything is tested. */
const elsewhere = [
  ...['alpine-3.6', 'alpine-3.7', 'alpine-3.22', 'arch-rolling', 'centos-7', 'centos-9-stream'],
  ...['debian-8', 'debian-9', 'debian-11', 'debian-12', 'debian-13', 'debian-testing', 'debian-unstable'],
  ...['fedora-27', 'fedora-28', 'fedora-45', 'gentoo-openrc', 'gentoo-systemd', 'nixos-26.05'],
  ...['ubuntu-16.04', 'ubuntu-18.04', 'ubuntu-24.04'],
];

for (const [standIn, releases, templates] of others) {
  test.serial(
    `deploy ${templates.join(' ')} builds, boots and publishes from the stand-in mirror`,
    async (t) => {
      await using run = await openMirrorRun(standIn, {releases});
      const {exitCode, stdout, all} = await run.command('deploy', ...templates);
      t.is(exitCode, 0, all);
      for (const name of templates) t.regex(stdout, new RegExp(`^✔ ${name} +published `, 'm'));
    },
  );
}

test('every template that is known is deployed by some test', async (t) => {
  await using output = await commandOutput();
  const {stdout} = await osctlTemplate(['ls', '--json'], {OSCTL_TEMPLATE_OUTPUT: output.path});
  const known = (JSON.parse(stdout) as readonly {readonly name: string}[]).map(({name}) => name);
  const deployed = [...elsewhere, ...others.flatMap(([, , templates]) => templates)];
  t.deepEqual(known.toSorted(), deployed.toSorted());
});
