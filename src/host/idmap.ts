import {readFile} from 'node:fs/promises';
import {Failure} from '../failure.ts';

/** The number of ids in a container: the size of every vpsAdminOS member's range. */
export const idmapSize = 524_288;

/** Where a container's ids 0 to 524287 are on this machine. */
export interface Idmap {
  readonly uid: number;
  readonly gid: number;
}

/** One line of subuid(5): a login name or id, the first id, the count. */
interface SubordinateRange {
  readonly owner: string;
  readonly first: number;
  readonly count: number;
}

/** Reads the ranges of subuid(5) or subgid(5); lines that are not ranges are passed over, as shadow does. */
export function parseSubordinateIds(text: string): SubordinateRange[] {
  return text.split('\n').flatMap((line) => {
    const match = /^([^:]+):(\d+):(\d+)$/.exec(line.trim());
    if (match === null) return [];
    const [, owner = '', first, count] = match;
    return [{owner, first: Number(first), count: Number(count)}];
  });
}

/** The first id of root's range in a subuid(5) text that is large enough; undefined when there is none. */
export function findIdmap(text: string): number | undefined {
  return parseSubordinateIds(text).find(
    ({owner, count}) => (owner === 'root' || owner === '0') && count >= idmapSize,
  )?.first;
}

/** Root's ranges in /etc/subuid and /etc/subgid; throws a Failure that says how to add them. */
export async function readIdmap(): Promise<Idmap> {
  const first = async (path: string) => findIdmap(await readFile(path, 'utf8').catch(() => ''));
  const [uid, gid] = await Promise.all([first('/etc/subuid'), first('/etc/subgid')]);
  if (uid === undefined || gid === undefined) {
    throw new Failure(
      `root has no range of ${idmapSize} ids in ${uid === undefined ? '/etc/subuid' : '/etc/subgid'}`,
      {
        kind: 'machine',
        remedy: 'Run `npm run setup`, which adds one, or add a line like root:1000000:524288 to both files.',
      },
    );
  }
  return {uid, gid};
}
