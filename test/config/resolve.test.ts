import test from 'ava';
import {parseConfiguration} from '../../src/config/file.ts';
import {type Origins, proxiesOf, resolveConfiguration} from '../../src/config/resolve.ts';
import {Failure} from '../../src/failure.ts';

function resolved({file, ...origins}: Partial<Omit<Origins, 'file'>> & {file?: string}) {
  return resolveConfiguration({
    flags: {},
    env: {},
    folder: '/home/me',
    root: '/opt/templates',
    file: file === undefined ? undefined : parseConfiguration(file, '/etc/templates/osctl-templates.yml'),
    ...origins,
  });
}

test('without file, flags and environment everything has a default', (t) => {
  t.deepEqual(resolved({}), {
    vendor: 'vpsadminos',
    arch: 'x86_64',
    output: '/opt/templates/output',
    repository: '/opt/templates/output/repository',
    distributions: ['/opt/templates/distributions'],
    templates: undefined,
    mirrors: {},
    proxy: {http: undefined, https: undefined, none: undefined, distributions: {}},
    keys: {},
    acceptExpired: 'host',
    jobs: 'auto',
    memory: undefined,
    cpus: undefined,
    processes: undefined,
    tree: 'auto',
    limits: {step: 600, build: 3600, test: 1200},
    builders: {maximumAge: 7},
    file: undefined,
  });
});

test('flags win over the environment, the environment over the file, the file over the defaults', (t) => {
  const file =
    'vendor: file\narch: file\njobs: 2\nmemory: 1G\ntree: disk\nacceptExpired: false\nlimits: {step: 1m}';
  const env = {OSCTL_TEMPLATE_ARCH: 'env', OSCTL_TEMPLATE_JOBS: '3', OSCTL_TEMPLATE_ACCEPT_EXPIRED: 'true'};
  const flags = {jobs: '4', cpus: '1.5'};
  const {vendor, arch, jobs, memory, cpus, tree, acceptExpired, limits} = resolved({file, env, flags});
  t.deepEqual(
    {vendor, arch, jobs, memory, cpus, tree, acceptExpired, limits},
    {
      vendor: 'file',
      arch: 'env',
      jobs: 4,
      memory: 2 ** 30,
      cpus: 1.5,
      tree: 'disk',
      acceptExpired: true,
      limits: {step: 60, build: 3600, test: 1200},
    },
  );
});

test('every variable is read', (t) => {
  const configuration = resolved({
    env: {
      OSCTL_TEMPLATE_VENDOR: 'example',
      OSCTL_TEMPLATE_ARCH: 'aarch64',
      OSCTL_TEMPLATE_OUTPUT: '/srv/output',
      OSCTL_TEMPLATE_REPOSITORY: '/srv/repository',
      OSCTL_TEMPLATE_DISTRIBUTIONS: '/srv/a:b',
      OSCTL_TEMPLATE_ACCEPT_EXPIRED: 'host',
      OSCTL_TEMPLATE_JOBS: 'auto',
      OSCTL_TEMPLATE_MEMORY: '512M',
      OSCTL_TEMPLATE_CPUS: '2',
      OSCTL_TEMPLATE_TREE: 'tmpfs',
    },
    file: 'acceptExpired: true\njobs: 2',
  });
  t.like(configuration, {
    vendor: 'example',
    arch: 'aarch64',
    output: '/srv/output',
    repository: '/srv/repository',
    distributions: ['/opt/templates/distributions', '/srv/a', '/home/me/b'],
    acceptExpired: 'host',
    jobs: 'auto',
    memory: 512 * 2 ** 20,
    cpus: 2,
    tree: 'tmpfs',
  });
});

test('an empty variable is not set', (t) => {
  const env = {OSCTL_TEMPLATE_JOBS: '', OSCTL_TEMPLATE_DISTRIBUTIONS: ''};
  const {jobs, distributions} = resolved({env, file: 'jobs: 2\ndistributions: [more]'});
  t.is(jobs, 2);
  t.deepEqual(distributions, ['/opt/templates/distributions', '/etc/templates/more']);
});

test("the file's paths start at its folder, those of flags and variables at the current one", (t) => {
  const file = 'output: out\nrepository: ../public\ndistributions: [recipes]';
  t.like(resolved({file}), {
    output: '/etc/templates/out',
    repository: '/etc/public',
    distributions: ['/opt/templates/distributions', '/etc/templates/recipes'],
  });
  t.like(resolved({file, flags: {output: 'out', distributions: ['.', '../other']}}), {
    output: '/home/me/out',
    repository: '/etc/public',
    distributions: ['/opt/templates/distributions', '/home/me', '/home/other'],
  });
});

test('the repository follows the output', (t) => {
  t.is(resolved({flags: {output: '/srv/out'}}).repository, '/srv/out/repository');
});

test('flags and variables that do not fit are told by their own names, all at once', (t) => {
  const flags = {jobs: 'x', acceptExpired: 'maybe'};
  const env = {OSCTL_TEMPLATE_MEMORY: '4', OSCTL_TEMPLATE_ACCEPT_EXPIRED: 'no'};
  const error = t.throws(() => resolved({flags, env}), {instanceOf: Failure});
  t.deepEqual(error.message.split('\n'), [
    "--accept-expired: must be host, true or false, not 'maybe'",
    "--jobs: must be auto or a whole number of 1 or more, not 'x'",
    "OSCTL_TEMPLATE_ACCEPT_EXPIRED: must be host, true or false, not 'no'",
    "OSCTL_TEMPLATE_MEMORY: must be a size with a unit, like 512M or 4G, not '4'",
  ]);
  t.is(error.exitCode, 2);
});

test('the file’s proxies win over the environment’s, a distribution’s over both', (t) => {
  const env = {http_proxy: 'http://env:1', https_proxy: 'http://env:2', no_proxy: 'localhost'};
  const file = `proxy:
  http: http://file:1
  none: .example.org
  distributions: {debian: {http: http://cache:1}, alpine: http://other:1}`;
  const {proxy} = resolved({file, env});
  t.deepEqual(proxiesOf(proxy, 'arch'), {
    http: 'http://file:1',
    https: 'http://env:2',
    none: ['.example.org'],
  });
  t.like(proxiesOf(proxy, 'debian'), {http: 'http://cache:1', https: 'http://env:2'});
  t.like(proxiesOf(proxy, 'alpine'), {http: 'http://other:1', https: 'http://other:1'});
  t.like(proxiesOf(resolved({file: 'proxy: http://one:1'}).proxy, 'arch'), {
    http: 'http://one:1',
    https: 'http://one:1',
  });
});
