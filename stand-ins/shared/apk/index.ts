import type {MakingTools} from '../stand-in.ts';

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
  tools: MakingTools,
  {folder, packages, key, apk}: ApkRepository,
): Promise<void> {
  await tools.copy(new URL('./', import.meta.url), '/srv/apk');
  await tools.run(['mkdir', '-p', folder]);
  const lines = packages.map(({name, version, depends = [], folder: content}) =>
    [name, version, content, ...depends].join(' '),
  );
  const input = `${lines.join('\n')}\n`;
  await tools.run(['sh', '/srv/apk/repository.sh', folder, key, apk], {input});
}
