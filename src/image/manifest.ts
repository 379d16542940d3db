import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Failure} from '../failure.ts';
import {writeDurably} from '../host/durable.ts';
import {visibleJson} from '../host/visible.ts';
import type {InstalledPackage} from '../recipe/distribution.ts';
import type {TemplateName} from '../recipe/template.ts';

/** What vpsAdmin keeps about a template, with the names of its columns. */
export interface VpsAdminColumns {
  readonly label: string;
  readonly info: string;
  readonly enabled: boolean;
  readonly supported: boolean;
  readonly order: number;
  readonly family: string;
  readonly cgroup_version: 'any' | 'v1' | 'v2';
  readonly enable_script: boolean;
  readonly enable_cloud_init: boolean;
  readonly manage_hostname: boolean;
  readonly manage_dns_resolver: boolean;
  readonly config: {
    readonly datasets: readonly string[];
    readonly mounts: readonly string[];
    readonly features: readonly string[];
  };
}

export type Outcome = 'passed' | 'failed' | 'not applicable' | 'not checked';

/** What one scenario found. */
export interface ScenarioResult {
  readonly name: string;
  readonly title: string;
  readonly outcome: Outcome;
  readonly seconds: number;
  /** Why it failed, does not apply, or was not checked. */
  readonly reason?: string;
  /** What it measured, by names that end in their units: `idleMemoryBytes`. */
  readonly measured?: Readonly<Record<string, number>>;
  /** When it failed: the last commands, what the one that failed said, and the ends of each container's logs. */
  readonly logs?: Readonly<Record<string, readonly string[]>>;
  /** The commands that give a shell in its containers, where they were kept. */
  readonly enter?: readonly string[];
}

/** What booting an image showed. */
export interface TestReport {
  readonly passed: boolean;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly seconds: number;
  /** sha256 of the image that was booted; a report of another image counts for nothing. */
  readonly image: string;
  readonly scenarios: readonly ScenarioResult[];
}

/** `manifest.json`: what a build is, beside the files it lists. */
export interface Manifest {
  readonly schema: 1;
  /** `debian-13-x86_64-vpsadminos-minimal`. */
  readonly id: string;
  readonly template: TemplateName;
  /** The release without a day: `testing`. */
  readonly release: string;
  readonly tags: readonly string[];
  /** `YYYY-MM-DD`. */
  readonly endOfLife?: string;
  /** UTC, sortable: `20261123T153000Z`. */
  readonly serial: string;
  /** ISO 8601, UTC. */
  readonly started: string;
  readonly finished: string;
  /** Seconds each stage took. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Bytes of the tree's files before packing. */
  readonly treeBytes: number;
  /** Every file beside this one, by name. */
  readonly files: Readonly<Record<string, {readonly bytes: number; readonly sha256: string}>>;
  readonly packages: readonly InstalledPackage[];
  /** Where the packages came from, as the distribution's package manager says. */
  readonly sources: readonly string[];
  /** sha256 of the recipe's folder and of its builder's definition. */
  readonly recipe: {readonly hash: string; readonly builder: string};
  readonly vpsadmin: VpsAdminColumns;
  /** Absent until the image has been booted. */
  readonly test?: TestReport;
}

/** A build on disk: its folder, named by its serial, and what its manifest says. */
export interface Build {
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The file names of a build. */
export const buildFiles = {
  manifest: 'manifest.json',
  rootfs: 'rootfs.tar.gz',
  imageArchive: 'image-archive.tar',
  log: 'build.log',
  testReport: 'test-report.json',
} as const;

/** Reads a build's manifest; throws a Failure that names the file when it is missing or not one. */
export async function readBuild(folder: string): Promise<Build> {
  const path = join(folder, buildFiles.manifest);
  try {
    const manifest = JSON.parse(await readFile(path, 'utf8')) as Manifest;
    if (manifest.schema !== 1) throw new Error(`schema ${String(manifest.schema)} is not 1`);
    return {folder, manifest};
  } catch (error) {
    throw new Failure(`${path} is not a build's manifest: ${(error as Error).message}`, {
      remedy: 'Remove the folder and build the template again.',
      cause: error,
    });
  }
}

/** Writes a build's manifest, all of it or nothing. */
export async function writeManifest(folder: string, manifest: Manifest): Promise<Build> {
  await writeDurably(join(folder, buildFiles.manifest), `${visibleJson(manifest, 2)}\n`);
  return {folder, manifest};
}
