// From a clone to a tested, published template: checks the machine, deploys Debian, says what is next.
import {join} from 'node:path';
import {execa} from 'execa';

const root = join(import.meta.dirname, '..');
const next = `
The template was built, booted, tested and published in output/repository. What is next:

  ./osctl-template ls                     what can be built, and what was
  ./osctl-template serve                  offer output/repository to nodes over HTTP
  ./osctl-template instantiate debian-13  start a container from the template and look inside
  CONTRIBUTING.md                         add a step to a recipe, or a distribution
`;

for (const args of [['doctor'], ['deploy', 'debian-13']]) {
  console.log(`\n$ ./osctl-template ${args.join(' ')}`);
  const {exitCode} = await execa(join(root, 'osctl-template'), args, {
    cwd: root,
    stdio: 'inherit',
    reject: false,
  });
  if (exitCode !== 0) process.exit(exitCode ?? 1);
}
console.log(next);
