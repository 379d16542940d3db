import {createReadStream} from 'node:fs';
import {join} from 'node:path';
import type {Readable} from 'node:stream';
import {text} from 'node:stream/consumers';
import {parse} from 'yaml';
import {z} from 'zod';
import {Failure} from '../failure.ts';
import {sha256Of} from '../host/hashing.ts';
import {type Build, buildFiles} from '../image/manifest.ts';
import {type MemberPlace, ustarMembers} from '../image/ustar-members.ts';
import type {FileEntry} from '../recipe/rootfs.ts';

/** A packed image as osctl would import it. */
export interface PackedImage {
  /** Of the archive, as the manifest has it. */
  readonly sha256: string;
  readonly distribution: string;
  readonly version: string;
  readonly init: readonly string[];
  /** The script hooks that osctld installs as a container's own, with paths below `hooks`. */
  readonly hooks: readonly FileEntry[];
  /** The root filesystem's tarball, compressed by gzip. */
  rootfs(): Readable;
}

/** What osctl reads of `config/container.yml`. */
const containerConfig = z.object({
  distribution: z.string(),
  version: z.coerce.string(),
  init_cmd: z.array(z.string()).nonempty().default(['/sbin/init']),
});

/**
 * Opens a build's image archive. Throws a Failure when it is not the file the manifest lists, or lacks what osctl
 * needs.
 */
export async function openImage(build: Build): Promise<PackedImage> {
  const file = join(build.folder, buildFiles.imageArchive);
  const listed = build.manifest.files[buildFiles.imageArchive];
  if (listed === undefined) throw unusable(build, `its manifest lists no ${buildFiles.imageArchive}`);
  const sha256 = await sha256Of(file).catch((error) => {
    throw unusable(build, `${file} cannot be read`, error);
  });
  if (sha256 !== listed.sha256) {
    throw unusable(build, `the sha256 of ${file} is ${sha256}, and ${listed.sha256} in its manifest`);
  }
  const members = await ustarMembers(file);
  const member = (path: string) => {
    const found = members.find((candidate) => candidate.path === path);
    if (found === undefined) throw unusable(build, `${file} has no ${path}`);
    return contentOf(file, found);
  };
  const config = containerConfig.safeParse(parse(await text(member('config/container.yml'))));
  if (!config.success)
    throw unusable(build, `${file}: config/container.yml: ${z.prettifyError(config.error)}`);
  const {distribution, version, init_cmd: init} = config.data;
  const hooks = members.filter(({path}) => path.startsWith('hooks/') && !path.endsWith('/'));
  return {
    sha256,
    distribution,
    version,
    init,
    hooks: await Promise.all(
      hooks.map(async (hook) => ({
        path: hook.path.slice('hooks'.length),
        content: await text(contentOf(file, hook)),
        mode: hook.mode,
      })),
    ),
    rootfs: () => member('rootfs/base.tar.gz'),
  };
}

function contentOf(file: string, {offset, size}: MemberPlace): Readable {
  return createReadStream(file, {start: offset, end: offset + size - 1});
}

function unusable(build: Build, reason: string, cause?: unknown): Failure {
  return new Failure(`the build ${build.manifest.serial} of ${build.manifest.id} cannot be used: ${reason}`, {
    remedy: 'Build the template again.',
    cause,
  });
}
