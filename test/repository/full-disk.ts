// Publishes a second build on a disk that fills up at every possible place, and prints how each publish ended:
// full-disk.ts FIRST-BUILD SECOND-BUILD MOUNT-POINT, in a mount namespace of its own
import {statfs} from 'node:fs/promises';
import {join} from 'node:path';
import {execa} from 'execa';
import {asFailure} from '../../src/failure.ts';
import {readBuild} from '../../src/image/manifest.ts';
import {publish} from '../../src/repository/publish.ts';
import {flaws, leftovers} from './inspection.ts';

/** How one publish ended, and what the repository was like then. */
export interface Ending {
  readonly left: string;
  readonly published: boolean;
  readonly failure?: {readonly kind: string; readonly message: string; readonly remedy: string | undefined};
  readonly flaws: readonly string[];
  readonly leftovers: readonly string[];
  /** The same after space was made and the build published again. */
  readonly healed: {readonly flaws: readonly string[]; readonly leftovers: readonly string[]};
}

const [first = '', second = '', disk = ''] = process.argv.slice(2);
const repository = join(disk, 'repository');
const endings: Ending[] = [];
for (const resource of ['inodes', 'pages'] as const) {
  for (let left = 0; endings.at(-1)?.published !== true || left === 0; left += 1) {
    endings.push(await publishWithSpace(resource, left));
  }
}
console.log(JSON.stringify(endings));

async function publishWithSpace(resource: 'inodes' | 'pages', left: number): Promise<Ending> {
  await execa('mount', ['-t', 'tmpfs', '-o', 'size=4m,nr_inodes=1000', 'tmpfs', disk]);
  try {
    await publish(await readBuild(first), repository);
    await limit(resource, left);
    const build = await readBuild(second);
    const failure = await publish(build, repository).then(() => undefined, asFailure);
    const state = {flaws: await flaws(repository), leftovers: await leftovers(repository)};
    await execa('mount', ['-o', 'remount,size=4m,nr_inodes=1000', disk]);
    await publish(build, repository);
    return {
      left: `${left} ${resource}`,
      published: failure === undefined,
      ...(failure === undefined
        ? {}
        : {failure: {kind: failure.kind, message: failure.message, remedy: failure.remedy}}),
      ...state,
      healed: {flaws: await flaws(repository), leftovers: await leftovers(repository)},
    };
  } finally {
    await execa('umount', [disk]);
  }
}

async function limit(resource: 'inodes' | 'pages', left: number): Promise<void> {
  const {blocks, bfree, files, ffree} = await statfs(disk);
  const option =
    resource === 'inodes' ? `nr_inodes=${files - ffree + left}` : `nr_blocks=${blocks - bfree + left}`;
  await execa('mount', ['-o', `remount,${option}`, disk]);
}
