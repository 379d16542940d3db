import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {MirrorTools} from './look-alike.ts';

/** A package as apk-tools 2 has it. */
export interface ApkPackage {
  readonly name: string;
  readonly version: string;
  readonly depends?: readonly string[];
  /** The container's folder with what it installs, which may be empty. */
  readonly folder: string;
}

export interface ApkRepository {
  /** The container's folder: `…/v3.22/main/x86_64`. */
  readonly folder: string;
  readonly packages: readonly ApkPackage[];
  /** The private RSA key; the public one is beside it, and named as apk knows it: `….rsa.pub`. */
  readonly key: string;
  /** A tree with the apk that makes the index. */
  readonly apk: string;
}

/** Fills a repository's folder with signed packages and their signed index. */
export async function makeApkRepository(
  {run, write}: MirrorTools,
  {folder, packages, key, apk}: ApkRepository,
): Promise<void> {
  const own = (name: string) => readFile(join(import.meta.dirname, 'apk', name));
  await write('/srv/apk-repository.sh', await own('repository.sh'));
  await write('/srv/apk-segment.pl', await own('segment.pl'));
  await run(['mkdir', '-p', folder]);
  const lines = packages.map(({name, version, depends = [], folder: content}) =>
    [name, version, content, ...depends].join(' '),
  );
  await run(['sh', '/srv/apk-repository.sh', folder, key, apk], {input: `${lines.join('\n')}\n`});
}
