import test from 'ava';
import lookAlike from '../../scripts/mirrors/look-alikes/gentoo.ts';
import {openMirrorRun} from '../fixtures/mirrors.ts';

/** The whole way on look-alikes of both stage3 archives; the tests of this file share one output folder. */
const run = await openMirrorRun(lookAlike);
test.after.always(() => run[Symbol.asyncDispose]());

test.serial('deploy builds, boots and publishes the flavours with OpenRC and with systemd', async (t) => {
  const {exitCode, stdout, all} = await run.command('deploy', 'gentoo-openrc', 'gentoo-systemd');
  t.is(exitCode, 0, all);
  for (const name of ['gentoo-openrc', 'gentoo-systemd'])
    t.regex(stdout, new RegExp(`^✔ ${name} +published `, 'm'));
});

test.serial('the manifest says what is in a template, where it is from and how it was tested', async (t) => {
  for (const flavour of ['openrc', 'systemd']) {
    const {id, packages, sources, test: report} = await run.published(`gentoo-${flavour}-`);
    t.regex(id, new RegExp(`^gentoo-${flavour}-\\d{8}-x86_64-vpsadminos-minimal$`));
    const names = packages.map(({name}) => name);
    const own =
      flavour === 'openrc'
        ? ['net-misc/netifrc', 'net-misc/dhcpcd', 'sys-apps/openrc']
        : ['sys-apps/systemd'];
    for (const name of ['app-editors/vim', 'net-misc/openssh', 'sys-apps/iproute2', ...own])
      t.true(names.includes(name), `${flavour}: ${name}`);
    t.true(
      sources.some((source) =>
        source.startsWith('binary packages of https://distfiles.gentoo.org/releases/'),
      ),
      sources.join('\n'),
    );
    t.true(report?.passed);
    t.deepEqual(
      report?.scenarios.filter(({outcome}) => outcome === 'failed'),
      [],
    );
  }
});
