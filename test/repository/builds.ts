import {createHash} from 'node:crypto';
import {mkdir, mkdtemp, realpath, rm, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {type Build, buildFiles, type Manifest, writeManifest} from '../../src/image/manifest.ts';
import {type TemplateName, templateId} from '../../src/recipe/template.ts';

/** What a test wants to say about a build; the rest is Debian 13's. */
export interface BuildDescription extends Partial<TemplateName> {
  readonly serial: string;
  readonly tags?: readonly string[];
  /** What its files have inside, by name. */
  readonly contents?: Readonly<Record<string, string>>;
}

export function describeManifest(description: BuildDescription): Manifest {
  const {serial, tags = [], contents = contentsOf(description), ...fields} = description;
  const template = {
    distribution: 'debian',
    version: '13',
    arch: 'x86_64',
    vendor: 'vpsadminos',
    variant: 'minimal',
    ...fields,
  };
  const files = Object.fromEntries(
    Object.entries(contents).map(([name, content]) => [
      name,
      {bytes: Buffer.byteLength(content), sha256: createHash('sha256').update(content).digest('hex')},
    ]),
  );
  return {
    schema: 1,
    id: templateId(template),
    template,
    release: template.version,
    tags,
    serial,
    started: '2026-11-23T15:00:00Z',
    finished: '2026-11-23T15:01:00Z',
    seconds: {bootstrap: 40},
    treeBytes: 1000,
    files,
    packages: [{name: 'openssh-server', version: '1:10.0', arch: 'amd64'}],
    sources: [],
    recipe: {hash: 'recipe', builder: 'builder'},
    vpsadmin: {
      label: template.distribution,
      info: '',
      enabled: true,
      supported: true,
      order: 1,
      family: 'linux',
      cgroup_version: 'any',
      enable_script: true,
      enable_cloud_init: false,
      manage_hostname: true,
      manage_dns_resolver: true,
      config: {datasets: [], mounts: [], features: []},
    },
    test: {
      passed: true,
      started: '2026-11-23T15:01:00Z',
      seconds: 20,
      image: files[buildFiles.imageArchive]?.sha256 ?? '',
      scenarios: [{name: 'start', title: 'starts', outcome: 'passed', seconds: 2}],
    },
  };
}

/** A build as the stages before leave it, in a folder named by its serial. */
export async function writeBuild(parent: string, description: BuildDescription): Promise<Build> {
  const manifest = describeManifest(description);
  const folder = join(parent, manifest.id, manifest.serial);
  await mkdir(folder, {recursive: true});
  for (const [name, content] of Object.entries(description.contents ?? contentsOf(description))) {
    await writeFile(join(folder, name), content);
  }
  return await writeManifest(folder, manifest);
}

/** The sha256 a build's manifest has for one of its files. */
export function hashOf({manifest}: Build, file: string): string {
  const listed = manifest.files[file];
  if (listed === undefined) throw new Error(`${manifest.id} has no ${file}`);
  return listed.sha256;
}

/** A folder that goes away with its test. */
export async function temporaryFolder(t: ExecutionContext): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'repository-test-')));
  t.teardown(() => rm(folder, {recursive: true, force: true}));
  return folder;
}

/** Files of one length whatever the build, for what tells them apart must not be that. */
function contentsOf({serial, distribution = 'debian', version = '13'}: BuildDescription) {
  const about = `${distribution} ${version} ${serial}`.padEnd(60);
  return {
    [buildFiles.imageArchive]: `image of ${about}\n`,
    [buildFiles.rootfs]: `rootfs of ${about}\n`,
    [buildFiles.log]: 'bootstrap\nconfigure\n',
    [buildFiles.testReport]: '{"passed": true}\n',
  };
}
