import {join, resolve} from 'node:path';
import type {Failure} from '../failure.ts';
import {type LockOptions, lock} from '../host/lock.ts';
import type {Build} from '../image/manifest.ts';
import {addBuild, buildFolder, readBuilds} from './builds.ts';
import type {Defaults} from './catalogue.ts';
import {diskFailure} from './disk-failure.ts';
import {checkRepository, lockName, markRepository} from './marker.ts';
import {checkNames} from './names.ts';
import {refresh} from './refresh.ts';
import {removeUnfinished} from './sweep.ts';
import {checkFiles, checkTested} from './verify.ts';

export interface PublishOptions extends LockOptions {
  /** What the indexes name as default vendor and variant. */
  readonly defaults?: Defaults;
}

/** What a publish did. */
export interface Publication {
  /** Where the build is now. */
  readonly folder: string;
  /** False when it was there already. */
  readonly added: boolean;
  /** Builds in the repository that are not whole; the indexes do without them. */
  readonly damaged: readonly Failure[];
}

/**
 * Publishes a tested build into a repository, which an empty or missing folder becomes. At every instant, whoever is
 * killed when, every index names only complete files; publishing anything afterwards puts the rest right.
 *
 * Throws a Failure of kind `template` when the build is not tested or not what its manifest says, `usage` when the
 * folder is something else's, `machine` when it cannot be written to.
 */
export async function publish(
  build: Build,
  repository: string,
  options: PublishOptions = {},
): Promise<Publication> {
  checkTested(build.manifest);
  checkNames(build.manifest);
  await checkFiles(build, options.signal);
  const root = resolve(repository);
  try {
    await checkRepository(root);
    await using held = await lock(join(root, lockName), options);
    await markRepository(root);
    await removeUnfinished(root);
    const added = await addBuild(build, root);
    const {builds, damaged} = await readBuilds(root);
    held.signal.throwIfAborted();
    await refresh(root, builds, options.defaults);
    return {folder: buildFolder(root, build.manifest), added, damaged};
  } catch (error) {
    throw diskFailure(error, root);
  }
}
