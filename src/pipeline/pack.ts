import {createReadStream} from 'node:fs';
import {join} from 'node:path';
import {PassThrough, type Writable} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {type Digest, writeHashed} from '../host/hashing.ts';
import {writeImageArchive} from '../image/image-archive.ts';
import {buildFiles, type Manifest, writeManifest} from '../image/manifest.ts';
import {gzipCommand, tarCommand} from '../image/rootfs-tarball.ts';
import {forRelease} from '../recipe/distribution.ts';
import {sourcesInLine} from '../recipe/source.ts';
import {templateId} from '../recipe/template.ts';
import {readFolder} from '../rootfs/files.ts';
import {buildWords} from './inspect/build-words.ts';
import {inspect} from './inspect/inspect.ts';
import {recipeHash} from './recipe-hash.ts';
import type {BuildRequest} from './request.ts';
import type {BuildProgress} from './run-stages.ts';
import {vpsAdminColumns} from './vpsadmin.ts';

/** The last stage: packs the tree once, derives the images from it, and writes what the build is beside them. */
export async function pack(
  request: BuildRequest,
  build: BuildProgress,
  folder: string,
  {builder}: {readonly builder: string},
): Promise<Manifest> {
  const {recipe, template, serial} = request;
  const {distribution} = recipe;
  const {workshop, epoch, steps} = build;
  const settled = forRelease(distribution, template.release);
  const files: Record<string, Digest> = {};
  const file = async (name: string, write: (sink: Writable) => Promise<unknown>) => {
    files[name] = await writeHashed(join(folder, name), write);
  };

  const packages = await steps.run('pack', 'packages', () => distribution.listPackages(workshop.rootfs));
  const sources = await steps.run('pack', 'sources', () => distribution.listSources(workshop.rootfs));
  const packing = await steps.run('pack', 'packing container', () => workshop.openPacking());
  const tar = packing.file('rootfs.tar');
  await steps.run('pack', 'tar', () => packing.run(tarCommand(packing.tree, tar, epoch)));
  const mirrors = Object.values({...distribution.mirrors, ...request.sources}).flat();
  const words = await buildWords({tree: packing.tree, proxies: request.proxies, mirrors});
  const inventory = await steps.run('pack', 'inspection', async () => {
    const sink = new PassThrough();
    const inspecting = inspect(sink, {
      removed: settled.seal?.remove ?? [],
      words,
      strangers: await packing.strangers(),
      log: build.log.line,
    });
    const [found] = await Promise.all([inspecting, packing.run(['cat', tar], {sink})]);
    return found;
  });
  await steps.run('pack', buildFiles.rootfs, () =>
    file(buildFiles.rootfs, (sink) => packing.run(gzipCommand(tar), {sink})),
  );
  await steps.run('pack', buildFiles.imageArchive, () =>
    file(buildFiles.imageArchive, async (sink) =>
      writeImageArchive(
        {
          template,
          rootfs: join(folder, buildFiles.rootfs),
          exportedAt: epoch,
          init: distribution.init,
          settings: distribution.container?.(template),
          hooks: settled.osctl.hooks && (await readFolder(settled.osctl.hooks)),
        },
        sink,
      ),
    ),
  );
  build.log.part('packed');
  await build.log.flush();
  await file(buildFiles.log, (sink) => pipeline(createReadStream(build.log.path), sink));
  const manifest: Manifest = {
    schema: 1,
    id: templateId(template),
    template: {
      distribution: template.distribution,
      version: template.version,
      arch: template.arch,
      vendor: template.vendor,
      variant: template.variant,
    },
    release: template.release,
    tags: [...template.tags].sort(),
    ...(settled.release.endOfLife === undefined ? {} : {endOfLife: settled.release.endOfLife}),
    serial,
    started: build.started.toISOString(),
    finished: new Date().toISOString(),
    seconds: Object.fromEntries(
      Object.entries(steps.seconds).map(([stage, time]) => [stage, Number(time.toFixed(2))]),
    ),
    treeBytes: inventory.entries.reduce((sum, {bytes}) => sum + bytes, 0),
    files,
    packages,
    sources: sources.flatMap((each) => (typeof each === 'string' ? sourcesInLine(each) : [each])),
    recipe: {hash: await recipeHash(recipe.folder), builder},
    vpsadmin: vpsAdminColumns(settled, settled.release, template, serial, request.settings),
  };
  return (await writeManifest(folder, manifest)).manifest;
}
