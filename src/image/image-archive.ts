import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {Readable, type Writable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {stringify} from 'yaml';
import {type ContainerSettings, containerConfig, datasetsOf} from '../recipe/container-settings.ts';
import type {FileEntry} from '../recipe/rootfs.ts';
import type {TemplateName} from '../recipe/template.ts';
import {ustarEnd, ustarEntries, ustarHeader, ustarPadding} from './ustar.ts';

export interface ImageArchiveOptions {
  readonly template: TemplateName;
  /** The packed tree, gzip. */
  readonly rootfs: string;
  /** Unix seconds. */
  readonly exportedAt: number;
  /** The command the container starts with, where it is not `/sbin/init`. */
  readonly init?: readonly string[] | undefined;
  /** Mounts and more that containers made of it have. */
  readonly settings?: ContainerSettings | undefined;
  /** Script hooks, with paths below `hooks`; none unless given. */
  readonly hooks?: readonly FileEntry[] | undefined;
}

/**
 * Writes `image-archive.tar`, what osctl's nodes import today (`format: tar`): plain ustar, members in the order
 * its reader expects.
 */
export async function writeImageArchive(options: ImageArchiveOptions, sink: Writable): Promise<void> {
  await pipeline(Readable.from(members(options)), sink);
}

async function* members({
  template,
  rootfs,
  exportedAt,
  init,
  settings = {},
  hooks = [],
}: ImageArchiveOptions): AsyncGenerator<Uint8Array> {
  const folder = (path: string) => ustarHeader({path, mode: 0o755, mtime: exportedAt});
  const metadata = {
    type: 'full',
    format: 'tar',
    user: null,
    group: null,
    container: null,
    datasets: datasetsOf(settings),
    exported_at: exportedAt,
  };
  const {distribution, version, arch} = template;
  const container = {
    ...{distribution, version, arch},
    ...(init === undefined ? {} : {init_cmd: init}),
    ...containerConfig(settings),
  };
  yield* document('metadata.yml', metadata, exportedAt);
  yield folder('config/');
  yield* document('config/container.yml', container, exportedAt);
  yield folder('rootfs/');
  const {size} = await stat(rootfs);
  yield ustarHeader({path: 'rootfs/base.tar.gz', mode: 0o644, mtime: exportedAt, size});
  yield* createReadStream(rootfs, {highWaterMark: 1024 * 1024});
  yield ustarPadding(size);
  if (hooks.length > 0) {
    yield folder('hooks/');
    yield* ustarEntries(
      hooks.map((entry) => ({...entry, path: `hooks${entry.path}`})),
      exportedAt,
    );
  }
  yield ustarEnd;
}

function* document(path: string, value: unknown, mtime: number): Generator<Uint8Array> {
  // a version like 13 stays text for whoever reads it: YAML would take it for a number
  const content = Buffer.from(`---\n${stringify(value)}`);
  yield ustarHeader({path, mode: 0o644, mtime, size: content.length});
  yield content;
  yield ustarPadding(content.length);
}
