import {lstat, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {Failure} from '../failure.ts';
import {writeDurably} from '../host/durable.ts';
import {visibleJson} from '../host/visible.ts';
import {parseSerial} from '../recipe/serial.ts';
import {sourcesInLine} from '../recipe/source.ts';
import {templateId} from '../recipe/template.ts';

/** The file names of a build. */
export const buildFiles = {
  manifest: 'manifest.json',
  rootfs: 'rootfs.tar.gz',
  imageArchive: 'image-archive.tar',
  log: 'build.log',
  testReport: 'test-report.json',
} as const;

const text = z.string();
/** A name that is one part of a path and means the same in a URL, unescaped (RFC 3986, section 2.3, and `+`). */
const name = text.regex(/^[A-Za-z0-9][A-Za-z0-9._~+-]*$/, {
  error: ({input}) =>
    `${JSON.stringify(input)} cannot be a part of a path: letters, digits and . _ ~ + - are allowed, the first a letter or a digit`,
});
const count = z.number().nonnegative();
const sha256 = text.regex(/^[0-9a-f]{64}$/, {error: 'must be a sha256 in hexadecimal'});
/** ISO 8601, UTC. */
const time = text;
const texts = z.array(text).readonly();

const vpsAdminColumns = z
  .object({
    label: text,
    info: text,
    enabled: z.boolean(),
    supported: z.boolean(),
    order: z.number(),
    family: text,
    cgroup_version: z.enum(['any', 'v1', 'v2']),
    enable_script: z.boolean(),
    enable_cloud_init: z.boolean(),
    manage_hostname: z.boolean(),
    manage_dns_resolver: z.boolean(),
    config: z.object({datasets: texts, mounts: texts, features: texts}).readonly(),
  })
  .readonly();

const scenarioResult = z
  .object({
    name: text,
    title: text,
    outcome: z.enum(['passed', 'failed', 'not applicable', 'not checked']),
    seconds: count,
    /** Why it failed, does not apply, or was not checked. */
    reason: text.exactOptional(),
    /** What it measured, by names that end in their units: `idleMemoryBytes`. */
    measured: z.record(text, z.number()).readonly().exactOptional(),
    /** When it failed: the last commands, what the one that failed said, and the ends of each container's logs. */
    logs: z.record(text, texts).readonly().exactOptional(),
    /** The commands that give a shell in its containers, where they were kept. */
    enter: texts.exactOptional(),
  })
  .readonly();

const testReport = z
  .object({
    passed: z.boolean(),
    started: time,
    seconds: count,
    /** sha256 of the image that was booted; a report of another image counts for nothing. */
    image: text,
    scenarios: z.array(scenarioResult).readonly(),
  })
  .readonly();

const source = z.object({kind: text, url: text, description: text.exactOptional()}).readonly();
/** The first builds have their sources as lines of text. */
const sources = z
  .array(z.union([source, text]))
  .transform((listed) => listed.flatMap((each) => (typeof each === 'string' ? sourcesInLine(each) : [each])))
  .readonly();

const manifest = z
  .object({
    schema: z.literal(1),
    /** `debian-13-x86_64-vpsadminos-minimal`. */
    id: text,
    template: z
      .object({distribution: name, version: name, arch: name, vendor: name, variant: name})
      .readonly(),
    /** The release without a day: `testing`. */
    release: text,
    tags: z.array(name).readonly(),
    /** `YYYY-MM-DD`. */
    endOfLife: text.exactOptional(),
    /** UTC, sortable: `20261123T153000Z`. */
    serial: text.refine((serial) => parseSerial(serial) !== undefined, {
      error: ({input}) => `${JSON.stringify(input)} is not a serial like 20261123T153000Z`,
    }),
    started: time,
    finished: time,
    /** Seconds each stage took. */
    seconds: z.record(text, count).readonly(),
    /** Bytes of the tree's files before packing. */
    treeBytes: count,
    /** Every file beside this one, by name. */
    files: z
      .record(name, z.object({bytes: count, sha256}).readonly())
      .readonly()
      .refine((files) => !Object.hasOwn(files, buildFiles.manifest), {
        error: `must not list ${buildFiles.manifest} itself`,
      }),
    packages: z.array(z.object({name: text, version: text, arch: text}).readonly()).readonly(),
    /** Where the packages came from, as the distribution's package manager is configured. */
    sources,
    /** sha256 of the recipe's folder and of its builder's definition. */
    recipe: z.object({hash: text, builder: text}).readonly(),
    vpsadmin: vpsAdminColumns,
    /** Absent until the image has been booted. */
    test: testReport.exactOptional(),
  })
  .readonly()
  .refine(({id, template}) => id === templateId(template), {
    path: ['id'],
    error: 'is not the id of its template',
  });

/** `manifest.json`: what a build is, beside the files it lists. Its names can be parts of paths and URLs. */
export type Manifest = z.infer<typeof manifest>;
/** What booting an image showed. */
export type TestReport = z.infer<typeof testReport>;
/** What one scenario found. */
export type ScenarioResult = z.infer<typeof scenarioResult>;
export type Outcome = ScenarioResult['outcome'];
/** What vpsAdmin keeps about a template, with the names of its columns. */
export type VpsAdminColumns = z.infer<typeof vpsAdminColumns>;

/** A build on disk: its folder, named by its serial, and what its manifest says. */
export interface Build {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** Reads a build's manifest; throws a Failure that names the file when it is missing or not one. */
export async function readBuild(folder: string): Promise<Build> {
  const path = join(folder, buildFiles.manifest);
  try {
    // a FIFO would keep the reader waiting
    if (!(await lstat(path)).isFile()) throw new Error('it is not a file');
    return {folder, manifest: parse(JSON.parse(await readFile(path, 'utf8')))};
  } catch (error) {
    throw new Failure(`${path} is not a build's manifest: ${(error as Error).message}`, {
      remedy: 'Remove the folder and build the template again.',
      cause: error,
    });
  }
}

/** The same for a folder that is named by the build's serial, in one that is named by its id. */
export async function readBuildInPlace(folder: string): Promise<Build> {
  const build = await readBuild(folder);
  const {id, serial} = build.manifest;
  if (folder.endsWith(join('/', id, serial))) return build;
  throw new Failure(`${folder} is not where the build ${serial} of ${id} belongs`, {
    remedy: 'Remove the folder, or move it to where it was.',
  });
}

/** Writes a build's manifest, all of it or nothing; throws an Error when it is not one that could be read again. */
export async function writeManifest(
  folder: string,
  content: z.input<typeof manifest>,
  mode = 0o644,
): Promise<Build> {
  const checked = parse(content);
  await writeDurably(join(folder, buildFiles.manifest), `${visibleJson(checked, 2)}\n`, mode);
  return {folder, manifest: checked};
}

function parse(content: unknown): Manifest {
  const parsed = manifest.safeParse(content);
  if (parsed.success) return parsed.data;
  const told = parsed.error.issues.map(({path, message}) =>
    path.length === 0 ? message : `${path.join('.')}: ${message}`,
  );
  throw new Error(told.slice(0, 3).join('; '));
}
