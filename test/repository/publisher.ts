// Publishes a build as a process of its own: publisher.ts BUILD REPOSITORY [without-links] [killed-at N | recorded-in FOLDER]
// It is killed by SIGKILL at its Nth operation that changes the file system; or it copies the repository into FOLDER/N
// before each. A process that is killed changes nothing afterwards, so that each copy is what a killed one would leave.
import fs from 'node:fs/promises';
import {join} from 'node:path';
import {readBuild} from '../../src/image/manifest.ts';
import {publish} from '../../src/repository/publish.ts';
import {beforeEachChange, withoutLinks} from './interruptions.ts';

const [folder = '', repository = '', ...conditions] = process.argv.slice(2);
const after = (condition: string) => conditions[conditions.indexOf(condition) + 1] ?? '';

const build = await readBuild(folder);
if (conditions.includes('without-links')) withoutLinks();
let moment = 0;
if (conditions.includes('killed-at')) {
  beforeEachChange(async () => {
    moment += 1;
    if (moment === Number(after('killed-at'))) process.kill(process.pid, 'SIGKILL');
  });
} else if (conditions.includes('recorded-in')) {
  const {cp} = fs;
  let copying = false; // with the same functions
  beforeEachChange(async () => {
    if (copying) return;
    copying = true;
    moment += 1;
    await cp(repository, join(after('recorded-in'), String(moment)), {
      recursive: true,
      verbatimSymlinks: true,
    });
    copying = false;
  });
}
await publish(build, repository);
