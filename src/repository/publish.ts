import {access} from 'node:fs/promises';
import {join, resolve} from 'node:path';
import type {Failure} from '../failure.ts';
import {type LockOptions, lock} from '../host/lock.ts';
import {anySignal} from '../host/signals.ts';
import type {Build} from '../image/manifest.ts';
import {addBuild} from './add-build.ts';
import {type CheckedBuild, checkBuild} from './checked.ts';
import {diskFailure} from './disk-failure.ts';
import type {Defaults} from './index-contents.ts';
import {checkRepository, checkStillThere, lockName, markRepository} from './marker.ts';
import {buildFolder, readBuilds} from './published.ts';
import {refresh} from './refresh.ts';
import {removeUnfinished} from './sweep.ts';

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
 * An interrupt before the build has its place among the others leaves nothing of it; afterwards the rest is done, which
 * takes a moment. Throws a Failure of kind `template` when the build is not tested or not what its manifest says,
 * `usage` when the folder is something else's, `machine` when it cannot be written to; the signal's reason when it was
 * interrupted.
 */
export async function publish(
  build: Build,
  repository: string,
  options: PublishOptions = {},
): Promise<Publication> {
  const checked = checkBuild(build);
  const root = resolve(repository);
  try {
    await checkRepository(root);
    await using held = await lock(join(root, lockName), options);
    await markRepository(root);
    try {
      return await publishLocked(checked, root, held.signal, options);
    } catch (error) {
      // the lock is lost with the repository
      if (error === held.signal.reason) await checkStillThere(root);
      throw error;
    }
  } catch (error) {
    options.signal?.throwIfAborted();
    const told = diskFailure(error, root);
    if (told !== error) throw told;
    const gone: unknown = await access(root).catch((reason: unknown) => reason);
    throw gone === undefined ? error : diskFailure(gone, root);
  }
}

/** `lost` aborts when the lock is no longer ours alone. */
async function publishLocked(
  build: CheckedBuild,
  root: string,
  lost: AbortSignal,
  {signal, defaults}: PublishOptions,
): Promise<Publication> {
  await removeUnfinished(root);
  const added = await addBuild(build, root, anySignal(lost, signal));
  const {builds, damaged} = await readBuilds(root);
  await refresh(root, builds, lost, defaults);
  await checkStillThere(root);
  return {folder: buildFolder(root, build.manifest), added, damaged};
}
