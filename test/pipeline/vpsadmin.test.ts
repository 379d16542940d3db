import test from 'ava';
import {vpsAdminColumns} from '../../src/pipeline/vpsadmin.ts';
import type {Release} from '../../src/recipe/release.ts';

const debian = {title: 'Debian', family: 'linux', osctl: {}};
const trixie: Release = {version: '13', codename: 'trixie', endOfLife: '2030-06-30', cgroups: 'v2'};
const template = {
  distribution: 'debian',
  version: '13',
  release: '13',
  arch: 'x86_64',
  vendor: 'vpsadminos',
  variant: 'minimal',
  tags: [],
};
const serial = '20261123T153000Z';

test('columns come from the recipe', (t) => {
  t.like(vpsAdminColumns(debian, trixie, template, serial), {
    label: 'Debian 13 (trixie)',
    info: 'Supported until 2030-06-30.',
    enabled: true,
    supported: true,
    family: 'linux',
    cgroup_version: 'v2',
    config: {datasets: [], mounts: [], features: []},
  });
});

test('the configuration wins over the recipe', (t) => {
  const settings = {
    label: 'Our Debian',
    info: 'Ours.',
    enabled: false,
    supported: false,
    order: 7,
    features: ['kvm'],
  };
  t.like(vpsAdminColumns(debian, trixie, template, serial, settings), {
    label: 'Our Debian',
    info: 'Ours.',
    enabled: false,
    supported: false,
    order: 7,
    config: {datasets: [], mounts: [], features: ['kvm']},
  });
});

test('support lasts through the day it ends', (t) => {
  const supportedOn = (day: string) => vpsAdminColumns(debian, trixie, template, `${day}T235959Z`).supported;
  t.true(supportedOn('20300630'));
  t.false(supportedOn('20300701'));
});

test('a label tells variants apart, leaves out a codename that says nothing, and fits its column', (t) => {
  const testing: Release = {version: 'testing', codename: 'testing', cgroups: 'v2'};
  t.is(vpsAdminColumns(debian, testing, template, serial).label, 'Debian testing');
  t.is(vpsAdminColumns(debian, testing, template, serial).info, '');
  const cloud = vpsAdminColumns(debian, trixie, {...template, variant: 'cloud'}, serial);
  t.is(cloud.label, 'Debian 13 (trixie) cloud');
  const long = vpsAdminColumns({...debian, title: 'D'.repeat(80)}, trixie, template, serial);
  t.is(long.label.length, 64);
});

test('resolvers are not managed where script hooks do osctld’s work', (t) => {
  const hooked = {...debian, osctl: {hooks: new URL('hooks/', import.meta.url)}};
  const columns = vpsAdminColumns(hooked, trixie, template, serial);
  t.like(columns, {manage_hostname: true, manage_dns_resolver: false});
  t.true(vpsAdminColumns(debian, trixie, template, serial).manage_dns_resolver);
});
