import {createWriteStream} from 'node:fs';
import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {ExecutionContext} from 'ava';
import {digestOf} from '../../src/host/hashing.ts';
import {writeImageArchive} from '../../src/image/image-archive.ts';
import {type Build, buildFiles} from '../../src/image/manifest.ts';
import {temporaryFolder} from '../host/temporary.ts';

const template = {
  distribution: 'debian',
  version: '13',
  arch: 'x86_64',
  vendor: 'vpsadminos',
  variant: 'minimal',
};

/** A build with an image archive around some bytes, and what its manifest says. */
export async function packedBuild(t: ExecutionContext, init?: readonly string[]): Promise<Build> {
  const folder = await temporaryFolder(t);
  const rootfs = join(folder, buildFiles.rootfs);
  await writeFile(rootfs, 'compressed tree');
  const archive = join(folder, buildFiles.imageArchive);
  await writeImageArchive({template, rootfs, exportedAt: 1_790_000_000, init}, createWriteStream(archive));
  return {
    folder,
    manifest: {
      schema: 1,
      id: 'debian-13-x86_64-vpsadminos-minimal',
      template,
      release: '13',
      tags: [],
      serial: '20261123T153000Z',
      started: '2026-11-23T15:30:00Z',
      finished: '2026-11-23T15:31:00Z',
      seconds: {},
      treeBytes: 0,
      files: {[buildFiles.imageArchive]: await digestOf(archive)},
      packages: [],
      sources: [],
      recipe: {hash: '', builder: ''},
      vpsadmin: {
        label: 'Debian 13',
        info: '',
        enabled: true,
        supported: true,
        order: 1,
        family: 'linux',
        cgroup_version: 'v2',
        enable_script: true,
        enable_cloud_init: false,
        manage_hostname: true,
        manage_dns_resolver: true,
        config: {datasets: [], mounts: [], features: []},
      },
    },
  };
}
