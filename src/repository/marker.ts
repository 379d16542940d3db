import {access, readdir, readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {Failure} from '../failure.ts';
import {isUnfinished, writeDurably} from '../host/durable.ts';
import {errorCode} from './disk-failure.ts';
import {makeFolder} from './place.ts';

/** The file whoever writes into a repository holds a lock on, at its root. */
export const lockName = '.lock';

const markerName = '.repository';
const marker = 'A repository of system container templates, layout 1.\n';

/** Throws a Failure unless a folder is a repository, or is empty or missing and can become one. */
export async function checkRepository(repository: string): Promise<void> {
  if (await isMarked(repository)) return;
  const names = await readdir(repository).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    if (errorCode(error) === 'ENOTDIR') throw notARepository(repository, 'it is not a folder');
    throw error;
  });
  const foreign = names.find((name) => !isOurStart(name));
  // marked after the first look, by another publisher
  if (foreign === undefined || (await isMarked(repository))) return;
  throw notARepository(repository, `it has ${foreign} in it, and nothing that says it is one`);
}

/** Makes a checked folder a repository, under its lock. */
export async function markRepository(repository: string): Promise<void> {
  if (!(await isMarked(repository))) await writeDurably(join(repository, markerName), marker);
  await makeFolder(join(repository, 'builds'), repository);
}

/** Throws the system's error for a missing file when a repository's folder was replaced or unmounted meanwhile. */
export async function checkStillThere(repository: string): Promise<void> {
  await access(join(repository, markerName));
}

async function isMarked(repository: string): Promise<boolean> {
  const found = await readFile(join(repository, markerName), 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
    throw error;
  });
  if (found === undefined || found === marker) return found !== undefined;
  throw notARepository(repository, 'it has a layout that this version does not know');
}

/** What an empty file system has, and what a publisher that was killed before it marked the folder leaves. */
function isOurStart(name: string): boolean {
  return (
    name === 'lost+found' || name === lockName || (isUnfinished(name) && name.startsWith(`.${markerName}.`))
  );
}

function notARepository(folder: string, reason: string): Failure {
  return new Failure(`${folder} is not a template repository: ${reason}`, {
    kind: 'usage',
    remedy: 'Give the folder of a repository, or an empty or new one to start it in.',
  });
}
