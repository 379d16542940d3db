// Publishes a build once for each operation that changes the file system, with something happening before that one,
// and prints how each publish ended: disturbed.ts interrupted|removed FIRST-BUILD SECOND-BUILD FOLDER
import {cp, readdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {asFailure} from '../../src/failure.ts';
import {readBuild} from '../../src/image/manifest.ts';
import {publish} from '../../src/repository/publish.ts';
import {flaws, leftovers} from './inspection.ts';
import {beforeEachChange} from './interruptions.ts';

/** How one publish ended, and what the repository was like then. */
export interface Ending {
  readonly moment: number;
  /** Undefined when it published the build. */
  readonly failure:
    | {readonly kind: string; readonly message: string; readonly remedy: string | undefined}
    | undefined;
  /** The serials of the published template. */
  readonly serials: readonly string[];
  readonly flaws: readonly string[];
  readonly leftovers: readonly string[];
}

const [what, first = '', second = '', folder = ''] = process.argv.slice(2);
const original = join(folder, 'original');
await publish(await readBuild(first), original);
const build = await readBuild(second);

let happen: (() => Promise<void>) | undefined;
let left = 0;
beforeEachChange(async () => {
  left -= 1;
  if (left !== 0) return;
  const happening = happen;
  happen = undefined;
  await happening?.();
});

const endings: Ending[] = [];
for (let moment = 1; ; moment += 1) {
  const repository = join(folder, String(moment));
  await cp(original, repository, {recursive: true, verbatimSymlinks: true});
  const interruption = new AbortController();
  happen = async () => {
    if (what === 'removed') await rm(repository, {recursive: true});
    else interruption.abort(new Error('interrupted'));
  };
  left = moment;
  const failure = await publish(build, repository, {signal: interruption.signal}).then(
    () => undefined,
    asFailure,
  );
  const undisturbed = happen !== undefined;
  happen = undefined;
  const there = what === 'interrupted';
  endings.push({
    moment,
    failure: failure && {kind: failure.kind, message: failure.message, remedy: failure.remedy},
    serials: there ? await readdir(join(repository, 'builds', build.manifest.id)) : [],
    flaws: there ? await flaws(repository) : [],
    leftovers: there ? await leftovers(repository) : [],
  });
  if (undisturbed) break;
}
console.log(JSON.stringify(endings));
